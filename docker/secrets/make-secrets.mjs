// Makes the keys of this stack once, in the volume that all containers read: nothing secret stands in a file of the workspace.
import { chownSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';

const [, , folder = '/run/secrets', ...clientFacing] = process.argv;
/** The user that the images run as. */
const node = 1000;

function signingKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const named = { kid: randomUUID(), alg: 'ES256', use: 'sig' };
  return {
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...named },
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...named },
  };
}

/** Whole or not at all: a start that was cut off must not leave half a key. */
function write(name, content) {
  const temporary = `${folder}/.${name}`;
  writeFileSync(temporary, content, { mode: 0o400 });
  // Outside a container the files are their maker's.
  if (process.getuid?.() === 0) chownSync(temporary, node, node);
  renameSync(temporary, `${folder}/${name}`);
}

mkdirSync(folder, { recursive: true });
if (existsSync(`${folder}/internal-jwks.json`)) {
  console.log('The keys of an earlier start are used.');
} else {
  const keys = clientFacing.map((app) => {
    const { privateJwk, publicJwk } = signingKey();
    write(`${app}.jwk.json`, JSON.stringify(privateJwk));
    return publicJwk;
  });
  write('identity-provider.jwk.json', JSON.stringify(signingKey().privateJwk));
  write('web-client-secret', randomBytes(32).toString('base64url'));
  write('session-keys', randomBytes(32).toString('base64url'));
  // Last: its presence says that the others are complete.
  write('internal-jwks.json', JSON.stringify({ keys }));
  console.log(`Keys made for ${clientFacing.join(', ')} and the identity provider.`);
}
