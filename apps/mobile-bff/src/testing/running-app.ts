import { createTestIssuer, type TestTokenOptions } from '@bff/auth/testing';
import { readConfiguration, type ProcessKit } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startMobileBff } from '../app.ts';
import { configuration } from '../config.ts';
import type { Answer, GraphqlBody } from './answer.ts';
import { startBackend, type Backend } from './backend.ts';
import type { Sample } from './sample.ts';

export interface Question {
  variables?: Record<string, unknown>;
  /** Null for none. Default: a good one of alice's. */
  token?: string | null;
  headers?: Record<string, string>;
}

export interface RunningMobileBff {
  readonly issuer: ServedIssuer;
  readonly url: string;
  readonly services: Backend['services'];
  readonly backend: Backend;
  readonly sample: Sample;
  token(options?: TestTokenOptions): Promise<string>;
  /** Posts a GraphQL document. */
  ask(query: string, question?: Question): Promise<Answer>;
  /** A plain request to the app. */
  fetch(path: string, init?: RequestInit): Promise<Answer>;
  /** The calls of all three services since the last time. */
  takeCalls(): string[];
  /** Cuts every connection at once, as a kill does; the backend stays. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** mobile-bff on a free port, before three fake services and a test issuer. */
export async function startTestApp(
  environment: Record<string, string> = {},
  kit: ProcessKit = createTestKit({ name: 'mobile-bff' }),
  /** Of another instance, which then outlives this one. */
  shared?: RunningMobileBff,
): Promise<RunningMobileBff> {
  const issuer = shared?.issuer ?? (await serveIssuer());
  const backend = shared?.backend ?? (await startBackend());
  const { services, sample } = backend;
  const app = await startMobileBff(
    readConfiguration(configuration, {
      PORT: '0',
      ISSUER_URL: issuer.issuer,
      ISSUER_JWKS_URL: issuer.keysUrl,
      STATE_FILE: ':memory:',
      ...backend.environment,
      ...environment,
    }),
    kit,
  );
  const url = app.listeners[0]!.url;
  const token = (options?: TestTokenOptions) => issuer.token(options);
  const kill = async () => {
    await Promise.all(app.listeners.map((listener) => listener.close(0)));
    await app.close?.();
  };
  const fetchText = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    const { status, statusText: reason, headers } = response;
    return { status, reason, headers, text, body: parseOrNothing(text) };
  };
  return {
    url,
    issuer,
    backend,
    services,
    sample,
    token,
    fetch: fetchText,
    async ask(query, { variables, token: given, headers } = {}) {
      const bearer = given === undefined ? await token() : given;
      const authorization: Record<string, string> =
        bearer === null ? {} : { authorization: `Bearer ${bearer}` };
      return fetchText('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...authorization,
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
    },
    takeCalls: () => Object.values(services).flatMap(({ calls }) => calls.splice(0)),
    kill,
    async close() {
      await kill();
      if (shared) return;
      await issuer.close();
      await backend.stop();
    },
  };
}

interface ServedIssuer {
  readonly issuer: string;
  readonly keysUrl: string;
  token(options?: TestTokenOptions): Promise<string>;
  close(): Promise<void>;
}

async function serveIssuer(): Promise<ServedIssuer> {
  const issuer = createTestIssuer({ audience: 'urn:bff:mobile-bff' });
  const keys = await issuer.serveKeys();
  return {
    issuer: issuer.issuer,
    keysUrl: keys.url,
    token: (options) => issuer.token(options),
    close: () => keys.close(),
  };
}

function parseOrNothing(text: string): GraphqlBody {
  try {
    return JSON.parse(text) as GraphqlBody;
  } catch {
    return undefined as unknown as GraphqlBody;
  }
}
