import { Pool } from 'undici';
import type { Attempt } from './attempt.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends to an address; `read` turns the body of a success into what the caller wants. */
export type SendHttp = <T>(
  address: string,
  request: HttpRequest,
  read: (body: string) => Attempt<T>,
) => Promise<Attempt<T>>;

/** For a screen: longer than a BFF takes at most, so that its own answer arrives first. */
const timeLimitMs = 2_500;
const connectLimitMs = 500;
const surelyUnsent = ['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'];

export interface HttpClient {
  readonly send: SendHttp;
  close(): Promise<void>;
}

export function createHttpClient(): HttpClient {
  const pools = new Map<string, Pool>();
  const poolOf = (address: string): Pool => {
    const pool =
      pools.get(address) ?? new Pool(address, { connect: { timeout: connectLimitMs }, pipelining: 1 });
    pools.set(address, pool);
    return pool;
  };
  return {
    async send(address, request, read) {
      try {
        const { statusCode, headers, body } = await poolOf(address).request({
          ...request,
          signal: AbortSignal.timeout(timeLimitMs),
        });
        const text = await body.text();
        return classify(statusCode, Number(headers['retry-after'] ?? 0) * 1_000, text, read);
      } catch (error) {
        const detail = describe(error);
        return { kind: surelyUnsent.includes(detail) ? 'unsent' : 'unclear', detail };
      }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

function classify<T>(
  status: number,
  retryAfterMs: number,
  text: string,
  read: (body: string) => Attempt<T>,
): Attempt<T> {
  if (status < 400) return read(text);
  const detail = `${String(status)} ${text.slice(0, 160)}`;
  // 409: an earlier attempt with this key is still at work.
  const repeatable = [409, 429, 500, 502, 503, 504].includes(status);
  return repeatable ? { kind: 'unclear', detail, retryAfterMs } : { kind: 'refused', detail };
}

function describe(error: unknown): string {
  const { code, name, message } = error as Error & { code?: string };
  // The code of a DOMException is a number that says nothing.
  return name === 'TimeoutError' ? 'TIMEOUT' : (code ?? message);
}
