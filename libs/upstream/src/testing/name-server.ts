import { createSocket, type RemoteInfo } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import type { Resolve } from '@bff/load-balancing';

/** What the server says next: these addresses (or none), that there is no such name, or nothing at all. */
export type NameAnswer = readonly string[] | 'no such name' | 'silence';

export interface NameServer {
  answer: NameAnswer;
  /** Questions up to now. */
  asked: number;
  /** Asks it over UDP, as a resolver does. */
  readonly resolve: Resolve;
  close(): Promise<void>;
}

const headerBytes = 12;
const noSuchName = 3;

/** A name server on a UDP port of 127.0.0.1 that knows the A records of one name. */
export async function startNameServer(answer: NameAnswer): Promise<NameServer> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  const server: NameServer = {
    answer,
    asked: 0,
    resolve: async (name) => (await resolver.resolve4(name)).map((address) => ({ address })),
    async close() {
      resolver.cancel();
      await new Promise<void>((resolve) => void socket.close(() => resolve()));
    },
  };
  socket.on('message', (query: Buffer, { port, address }: RemoteInfo) => {
    server.asked++;
    if (server.answer !== 'silence') socket.send(reply(query, server.answer), port, address);
  });
  return server;
}

/** RFC 1035, 4.1: the question again, then one record per address that refers to its name. */
function reply(query: Buffer, answer: readonly string[] | 'no such name'): Buffer {
  const question = query.subarray(headerBytes, query.indexOf(0, headerBytes) + 5);
  const addresses = answer === 'no such name' ? [] : answer;
  const header = Buffer.alloc(headerBytes);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (answer === 'no such name' ? noSuchName : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) =>
    Buffer.from([0xc0, headerBytes, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  );
  return Buffer.concat([header, question, ...records]);
}
