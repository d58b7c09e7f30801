/** A client that reads server-sent events by hand from the bytes of the answer. */
export interface RawEventStream {
  readonly status: number;
  readonly headers: Headers;
  /** The next event; undefined when the stream has ended. Comments are skipped. */
  next(): Promise<{ event: string; data: string } | undefined>;
  leave(): void;
}

export async function openRawEventStream(
  url: string,
  token: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<RawEventStream> {
  const client = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    signal: client.signal,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: response.status,
    headers: response.headers,
    leave: () => client.abort(),
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end === -1) {
          const { done, value } = await reader.read();
          if (done) return undefined;
          text += value;
          continue;
        }
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string) =>
          lines
            .find((line) => line.startsWith(`${name}:`))
            ?.slice(name.length + 1)
            .trim();
        const event = field('event');
        if (event !== undefined) return { event, data: field('data') ?? '' };
      }
    },
  };
}
