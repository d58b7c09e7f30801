import { connect } from 'node:net';

/** What came back on a connection. */
export interface RawAnswer {
  /** Of the first answer that is not `100 Continue`; 0 when nothing came. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Everything that came, for what must not stand anywhere in it. */
  readonly text: string;
  /** The server closed the connection. */
  readonly closed: boolean;
}

/** Far longer than any limit of time that the attacked servers have. */
const patienceMs = 4_000;

/** Sends bytes as they are, and reads until the first answer is whole or the server closes. */
export function exchangeRaw(
  url: string,
  bytes: string,
  { untilClosed = false }: { untilClosed?: boolean } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => {
      socket.destroy();
      reject(new Error('The server neither answered nor closed the connection.'));
    }, patienceMs);
    const finish = (closed: boolean) => {
      clearTimeout(patience);
      socket.destroy();
      resolve(readAnswer(Buffer.concat(chunks).toString('latin1'), closed));
    };
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (!untilClosed && isWhole(Buffer.concat(chunks).toString('latin1'))) finish(false);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      finish(true);
    });
    socket.write(Buffer.from(bytes, 'latin1'));
  });
}

function isWhole(text: string): boolean {
  const { headers, body, status } = readAnswer(text, false);
  if (status === 0 || !text.includes('\r\n\r\n')) return false;
  const length = headers['content-length'];
  if (headers['transfer-encoding'] === 'chunked') return body.endsWith('0\r\n\r\n');
  return length === undefined ? status === 204 : body.length >= Number(length);
}

/** The first answer in a text. */
export function readAnswer(text: string, closed: boolean): RawAnswer {
  const answer = text.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, '');
  const end = answer.indexOf('\r\n\r\n');
  const [start = '', ...lines] = answer.slice(0, end === -1 ? undefined : end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(start)?.[1] ?? 0);
  const length = Number(headers['content-length'] ?? Infinity);
  const body = end === -1 ? '' : answer.slice(end + 4, end + 4 + length);
  return { status, headers, body, text, closed };
}
