// Signs a seeded user in at the running containers and prints the access token and nothing else, as `npm run token` does for
// `npm start`:  node docker/token.mjs [alice|bob|carol|sam] [web|mobile|wearable|gateway]
import { execFileSync } from 'node:child_process';
import { obtainToken } from '@bff/auth/headless';

const [, , user = 'alice', entry = 'web'] = process.argv;
// Level 1 has one entry for all clients; a phone is one of them.
const [client, app] = entry === 'gateway' ? ['mobile', 'api-gateway'] : [entry, `${entry}-bff`];

/** A browser's requests come from web-bff, which has a secret; it was made in the containers. */
function readWebSecret() {
  const container = `${process.env.COMPOSE_PROJECT_NAME ?? 'bff'}_identity-provider_1`;
  const names = [container, container.replaceAll('_', '-')];
  const found = execFileSync('docker', ['ps', '--format', '{{.Names}}'], { encoding: 'utf8' }).split('\n');
  const name = names.find((candidate) => found.includes(candidate));
  if (!name)
    throw new Error('The identity provider does not run; start the stack as docs/compose.md has it.');
  return execFileSync('docker', ['exec', name, 'cat', '/run/secrets/web-client-secret'], {
    encoding: 'utf8',
  }).trim();
}

const { accessToken } = await obtainToken({
  issuer: 'http://127.0.0.1:8090',
  ...{ client, user, password: 'password', audience: `urn:bff:${app}` },
  ...(client === 'web' && { clientSecret: readWebSecret() }),
});
console.log(accessToken);
