/** One update of a followed order, whatever it came over. */
export interface OrderUpdate {
  /** What the client names when it goes on from here. */
  readonly cursor: string;
  /** How far the shipment is; undefined while there is none to be shown. */
  readonly step: Step | undefined;
  /** The update is there because the shipment moved, not to show the order as it was found. */
  readonly isStep: boolean;
}

/** A shipment's way, from first to last. */
export const steps = ['preparing', 'in_transit', 'out_for_delivery', 'delivered'] as const;
export type Step = (typeof steps)[number];

export interface StreamEnd {
  /** Ended in the protocol's own words, so that the client knows at once that it is to go on elsewhere. */
  readonly polite: boolean;
  /** No use in opening it again. */
  readonly refused?: true;
  readonly detail: string;
}

export interface OpenStreamOptions {
  readonly address: string;
  readonly orderId: string;
  readonly after: string | undefined;
  readonly onOpen: () => void;
  readonly onUpdate: (update: OrderUpdate) => void;
}

export interface OrderStream {
  readonly ended: Promise<StreamEnd>;
  /** The user has seen enough. */
  close(): void;
}

/** How a client follows an order. */
export interface StreamKind {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Every step is told; otherwise the latest alone is promised. */
  readonly tellsEveryStep: boolean;
  open(options: OpenStreamOptions): OrderStream;
}

/** The step that a protocol's own name stands for: `ORDER_STAGE_ON_THE_WAY`, `IN_TRANSIT`, `in_transit`. */
export function readStep(name: string | undefined): Step | undefined {
  const known = name?.toLowerCase().replace('order_stage_', '').replace('on_the_way', 'in_transit');
  return steps.find((step) => step === known);
}
