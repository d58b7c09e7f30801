import { subscribe } from 'node:diagnostics_channel';

/**
 * For a server's `--import`: tells the parent process how much processor time each request has cost the thread that serves
 * everybody, in milliseconds. One request at a time, or their costs are mixed. Unlike time on the clock it does not grow with
 * what else the machine has to do.
 */
const began = new WeakMap<object, NodeJS.CpuUsage>();

subscribe('http.server.request.start', (message) => {
  const { response } = message as { response: object };
  began.set(response, process.threadCpuUsage());
});
subscribe('http.server.response.finish', (message) => {
  const { request, response } = message as { request: { url: string }; response: object };
  const before = began.get(response);
  if (!before) return;
  const { user, system } = process.threadCpuUsage(before);
  const milliseconds = (user + system) / 1_000;
  process.send?.({ type: 'request-cost', pid: process.pid, path: request.url, milliseconds });
});
