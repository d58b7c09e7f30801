export {
  createAuthorise,
  InsufficientScope,
  reaches,
  type Access,
  type AuthorisationTable,
  type Authorise,
  type Grants,
  type Reach,
} from './authorisation.ts';
export { bearerChallenge, readBearer, type BearerChallenge } from './bearer.ts';
export type { Fetch } from './fetch-jwks.ts';
export {
  generateInternalKey,
  parseJwks,
  parsePrivateJwk,
  parsePrivateJwks,
  type InternalKey,
  type PrivateJwk,
} from './internal-keys.ts';
export {
  createInternalTokenMinter,
  type InternalTokenMinter,
  type InternalTokenMinterOptions,
} from './internal-token-minter.ts';
export { createInternalTokenVerifier, type InternalTokenVerifierOptions } from './internal-token-verifier.ts';
export type { KeyHint, KeySource } from './key-source.ts';
export { createRemoteKeys, type RemoteKeys, type RemoteKeysOptions } from './remote-keys.ts';
export { createStaticKeys } from './static-keys.ts';
export { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from './token-verifier.ts';
