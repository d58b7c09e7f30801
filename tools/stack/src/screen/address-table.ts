import type { StackState } from '../prepare/stack-state.ts';

/** One line per process: name, address, and the second address of those that have one. */
export function addressTable({ processes }: StackState): string[] {
  const width = Math.max(...processes.map(({ name }) => name.length));
  const urlWidth = Math.max(...processes.map(({ url }) => url.length));
  return processes.map(({ name, url, grpc, admin }) =>
    [
      name.padEnd(width),
      url.padEnd(urlWidth),
      `admin ${admin}`,
      ...(grpc === undefined ? [] : [`grpc://${grpc}`]),
    ].join('  '),
  );
}
