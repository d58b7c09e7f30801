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
    return ServerCredentials.createSsl(clientCa, [pair], clientCa !== null);
  } catch {
    // What is wrong with it may show parts of it.
    throw new ConfigurationError([
      'TLS_CERTIFICATE, TLS_KEY: cannot be read as a certificate and its key (PEM).',
    ]);
  }
}
