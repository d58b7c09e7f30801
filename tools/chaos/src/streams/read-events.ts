export interface ServerSentEvent {
  readonly id: string;
  readonly data: string;
}

/** The events of an answer (https://html.spec.whatwg.org/multipage/server-sent-events.html); comments and `retry` are left out. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => splitField(line)));
      const data = fields.get('data');
      if (data !== undefined) yield { id: fields.get('id') ?? '', data };
    }
  }
}

function splitField(line: string): [name: string, value: string] {
  const [name = ''] = line.split(':', 1);
  return [name, line.slice(name.length + 1).trimStart()];
}
