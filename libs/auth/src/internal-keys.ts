import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, type JSONWebKeySet } from 'jose';

/** A private EC key on P-256 with its id, for ES256. */
export interface PrivateJwk extends JWK {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  d: string;
  kid: string;
}

export interface InternalKey {
  privateJwk: PrivateJwk;
  /** What the services get, in a set: `{ keys: [publicJwk] }`. */
  publicJwk: JWK & { kid: string };
}

/** A new key pair for internal tokens; `kid` is the key's thumbprint (RFC 7638). */
export async function generateInternalKey(): Promise<InternalKey> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const publicPart = await exportJWK(pair.publicKey);
  const publicJwk = {
    ...publicPart,
    kid: await calculateJwkThumbprint(publicPart),
    alg: 'ES256',
    use: 'sig',
  };
  const privatePart = await exportJWK(pair.privateKey);
  return { publicJwk, privateJwk: checkPrivateJwk({ ...publicJwk, ...privatePart }) };
}

/** Reads a private key from configuration. Throws an `Error` that says what is wrong and shows no part of the key. */
export function parsePrivateJwk(json: string): PrivateJwk {
  return checkPrivateJwk(parseObject(json, 'a private JSON Web Key'));
}

/**
 * Reads one private key, or a set of them, `{"keys":[…]}`, from configuration: the first is for signing, all are to be published.
 * Throws as `parsePrivateJwk` does.
 */
export function parsePrivateJwks(json: string): PrivateJwk[] {
  const given = parseObject(json, 'a private JSON Web Key or a set of them');
  if (!('keys' in given)) return [checkPrivateJwk(given)];
  const { keys } = given;
  if (!Array.isArray(keys) || keys.length === 0) throw new Error('must have at least one key: {"keys":[…]}');
  const read = keys.map((key: unknown, index) => {
    const where = `keys[${String(index)}]`;
    if (!isObject(key)) throw new Error(`${where} must be a JSON object`);
    try {
      return checkPrivateJwk(key);
    } catch (error) {
      throw new Error(`${where} ${(error as Error).message}`, { cause: error });
    }
  });
  if (new Set(read.map(({ kid }) => kid)).size < read.length)
    throw new Error('has two keys with the same kid');
  return read;
}

/** Reads public keys from configuration. Throws an `Error` that says what is wrong. */
export function parseJwks(json: string): JSONWebKeySet {
  const { keys } = parseObject(json, 'a JSON Web Key Set');
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new Error('must be a JSON Web Key Set with at least one key: {"keys":[…]}');
  }
  return { keys: keys.map((key: unknown, index) => checkPublicJwk(key, `keys[${String(index)}]`)) };
}

function checkPrivateJwk(key: Record<string, unknown>): PrivateJwk {
  const { kty, crv, x, y, d, kid } = key;
  if (kty !== 'EC' || crv !== 'P-256') throw new Error('must be an EC key on P-256 (for ES256)');
  if (!isText(x) || !isText(y)) throw new Error('lacks the public members x and y');
  if (!isText(d)) throw new Error('is a public key (it lacks d); a private key is needed');
  if (!isText(kid)) throw new Error('lacks kid, the key id by which services find its public half');
  return { ...key, kty, crv, x, y, d, kid };
}

function checkPublicJwk(key: unknown, where: string): JWK {
  if (!isObject(key)) throw new Error(`${where} must be a JSON object`);
  const { kty, kid, d } = key;
  if (kty !== 'EC' && kty !== 'RSA') throw new Error(`${where}.kty must be EC or RSA`);
  if (d !== undefined) throw new Error(`${where} is a private key; give only its public half`);
  if (!isText(kid)) throw new Error(`${where} lacks kid, the key id that tokens name`);
  return { ...key, kty, kid };
}

function parseObject(json: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's message would quote the text, which may be a private key.
    throw new Error(`must be ${what}, but is not JSON`);
  }
  if (!isObject(value)) throw new Error(`must be ${what}, a JSON object`);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
