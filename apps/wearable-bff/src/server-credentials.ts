import { createSecureContext } from 'node:tls';
import { ConfigurationError } from '@bff/server-kit';
import { ServerCredentials } from '@grpc/grpc-js';
import type { WearableBffConfiguration } from './config.ts';

type TlsVariables = Pick<WearableBffConfiguration, 'TLS_CERTIFICATE' | 'TLS_KEY' | 'TLS_CLIENT_CA'>;

/** TLS as configured: none, the server's own certificate, or mutual. Throws ConfigurationError for half of it. */
export function serverCredentials({
  TLS_CERTIFICATE,
  TLS_KEY,
  TLS_CLIENT_CA,
}: TlsVariables): ServerCredentials {
  if (TLS_CERTIFICATE === undefined && TLS_KEY === undefined && TLS_CLIENT_CA === undefined) {
    return ServerCredentials.createInsecure();
  }
  if (TLS_CERTIFICATE === undefined || TLS_KEY === undefined) {
    throw new ConfigurationError([
      'TLS_CERTIFICATE, TLS_KEY: TLS needs both, the certificate and its private key; set both or neither.',
    ]);
  }
  const pair = { cert_chain: Buffer.from(TLS_CERTIFICATE), private_key: Buffer.from(TLS_KEY) };
  const clientCa = TLS_CLIENT_CA === undefined ? null : Buffer.from(TLS_CLIENT_CA);
  try {
    // grpc-js would notice only when it begins to listen.
    createSecureContext({ cert: TLS_CERTIFICATE, key: TLS_KEY, ca: TLS_CLIENT_CA });
  } catch {
    // The reason might show parts of what was given.
    throw new ConfigurationError([
      'TLS_CERTIFICATE, TLS_KEY, TLS_CLIENT_CA: cannot be used; give PEM text, and the key that belongs to the certificate.',
    ]);
  }
  return ServerCredentials.createSsl(clientCa, [pair], clientCa !== null);
}
