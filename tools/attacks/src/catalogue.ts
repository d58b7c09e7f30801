import type { Attack } from './attack.ts';
import { authorisationEndpoint } from './tables/authorisation-endpoint.ts';
import { bearer } from './tables/bearer.ts';
import { callbacks } from './tables/callbacks.ts';
import { claims } from './tables/claims.ts';
import { edge } from './tables/edge.ts';
import { forgedRequests } from './tables/forged-requests.ts';
import { framing } from './tables/framing.ts';
import { graphql } from './tables/graphql.ts';
import { grpc } from './tables/grpc.ts';
import { http2 } from './tables/http2.ts';
import { limits } from './tables/limits.ts';
import { logoutTokens } from './tables/logout-tokens.ts';
import { replays } from './tables/replays.ts';
import { rest } from './tables/rest.ts';
import { graphqlScopes, grpcScopes, scopes } from './tables/scopes.ts';
import { services } from './tables/services.ts';
import { sessions } from './tables/sessions.ts';
import { signIn } from './tables/sign-in.ts';
import { targets } from './tables/targets.ts';
import { tokenEndpoint } from './tables/token-endpoint.ts';
import { websocket } from './tables/websocket.ts';
import type { Target } from './world/target.ts';

/** What every server that speaks HTTP has to bear. */
const overHttp = [...framing, ...targets, ...limits];
const overGrpc = [...grpc, ...grpcScopes, ...http2];
/** Of servers that ask who is calling, and for one's orders. */
const asked = [...claims, ...bearer, ...scopes, ...rest, ...services];

/** Of who signs browsers in. */
const byBrowsers = [...callbacks, ...signIn, ...forgedRequests, ...sessions, ...logoutTokens];

/** Servers that are attacked over HTTP by other tables than the gateway, the BFFs and the services. */
const tablesOf: Readonly<Record<string, readonly Attack[]>> = {
  'mobile-bff': [...overHttp, ...asked, ...graphql, ...graphqlScopes, ...websocket],
  'identity-provider': [...overHttp, ...authorisationEndpoint, ...tokenEndpoint, ...replays],
  edge: [...overHttp, ...claims, ...edge],
};

/** Every attack that makes sense on a server's protocol. */
export function attacksOn({ server, protocol }: Pick<Target, 'server' | 'protocol'>): Attack[] {
  const tables = { grpc: overGrpc, 'sign-in': byBrowsers, http: tablesOf[server] ?? [...overHttp, ...asked] };
  const all = tables[protocol];
  return all.filter(
    ({ servers, notOn = [] }) =>
      (servers === undefined || servers.includes(server)) && !notOn.includes(server),
  );
}

/** Every distinct attack, whatever it is tried on. */
export const catalogue: readonly Attack[] = [
  ...new Set([...overHttp, ...asked, ...overGrpc, ...byBrowsers, ...Object.values(tablesOf).flat()]),
];
