/** What came back over HTTP. */
export interface Answer {
  status: number;
  /** The text of the status line. */
  reason: string;
  headers: Headers;
  /** The body as it was sent. */
  text: string;
  /** The body as JSON; undefined when it is none. */
  body: GraphqlBody;
}

export interface GraphqlBody {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test asserts on another shape
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

export interface ListedOrder {
  id: string;
  status: string;
  payment: { status: string } | null;
  shipment: { status: string } | null;
}

/** The edges of `orders`. */
export function edgesOf({ data }: GraphqlBody): { cursor: string; node: ListedOrder }[] {
  return (data as { orders: { edges: { cursor: string; node: ListedOrder }[] } }).orders.edges;
}

/** The nodes of `orders`. */
export function ordersOf(body: GraphqlBody): ListedOrder[] {
  return edgesOf(body).map(({ node }) => node);
}

/** `extensions.code` of the first error. */
export function codeOf({ errors }: GraphqlBody): unknown {
  return errors[0]?.extensions['code'];
}
