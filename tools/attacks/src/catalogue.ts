import type { Attack } from './attack.ts';
import { bearer } from './tables/bearer.ts';
import { claims } from './tables/claims.ts';
import { framing } from './tables/framing.ts';
import { graphql } from './tables/graphql.ts';
import { grpc } from './tables/grpc.ts';
import { http2 } from './tables/http2.ts';
import { limits } from './tables/limits.ts';
import { rest } from './tables/rest.ts';
import { services } from './tables/services.ts';
import { targets } from './tables/targets.ts';
import { websocket } from './tables/websocket.ts';
import type { Target } from './world/target.ts';

const graphqlServers = ['mobile-bff'];

/** Every attack that makes sense on a server's protocol. */
export function attacksOn({ server, protocol }: Pick<Target, 'server' | 'protocol'>): Attack[] {
  const all =
    protocol === 'grpc'
      ? [...grpc, ...http2]
      : [
          ...framing,
          ...targets,
          ...claims,
          ...limits,
          ...bearer,
          ...rest,
          ...services,
          ...(graphqlServers.includes(server) ? [...graphql, ...websocket] : []),
        ];
  return all.filter(({ servers }) => servers === undefined || servers.includes(server));
}

/** Every distinct attack, whatever it is tried on. */
export const catalogue: readonly Attack[] = [
  ...framing,
  ...targets,
  ...claims,
  ...limits,
  ...bearer,
  ...rest,
  ...services,
  ...graphql,
  ...websocket,
  ...grpc,
  ...http2,
];
