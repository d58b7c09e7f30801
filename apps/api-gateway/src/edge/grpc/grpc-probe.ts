import { constants } from 'node:http2';
import { healthOperations } from '@bff/contracts';
import type { Context } from '@bff/core';
import type { Probe } from '../../balanced-upstream.ts';
import { readFrame, writeFrame } from './message-frame.ts';
import type { SessionPool } from './session-pool.ts';

/** Asks instances by `grpc.health.v1`, over the connection that the calls take. */
export function createGrpcProbe(pool: SessionPool): Probe {
  return {
    check: ({ url }, context) => ask(pool, url, context),
    forget: ({ url }) => pool.forget(url),
    cut: ({ url }) => pool.cut(url),
  };
}

const { check } = healthOperations;

/** Rejects when there is no answer; a server without the health service is alive, since it has just said so. */
async function ask(pool: SessionPool, url: string, { signal, deadline }: Context): Promise<boolean> {
  const session = await pool.sessionTo(url);
  const stream = session.request({
    ':method': 'POST',
    ':path': check.rpcPath,
    ':scheme': 'http',
    ':authority': new URL(url).host,
    'content-type': 'application/grpc',
    'grpc-timeout': `${Math.max(1, Math.floor(deadline.remainingMs()))}m`,
    te: 'trailers',
  });
  const cancel = () => stream.close(constants.NGHTTP2_CANCEL);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    stream.end(writeFrame(check.request.encode({ service: '' })));
    return await new Promise<boolean>((resolve, reject) => {
      let message = Buffer.alloc(0);
      let status: string | undefined;
      const see = (headers: Record<string, unknown>) => {
        if (typeof headers['grpc-status'] === 'string') status = headers['grpc-status'];
      };
      stream.on('response', see);
      stream.on('trailers', see);
      stream.on('data', (chunk: Buffer) => (message = Buffer.concat([message, chunk])));
      stream.on('error', () => undefined);
      stream.once('close', () => {
        const body = readFrame(message);
        if (status === '12' || status === '5') resolve(true);
        else if (status === undefined) reject(new Error('The health check was not answered.'));
        else resolve(status === '0' && body !== undefined && check.response.decode(body) === 'serving');
      });
    });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
