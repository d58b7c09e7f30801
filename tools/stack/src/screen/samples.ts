import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { StackState } from '../prepare/stack-state.ts';
import { signIn } from '../sign-in.ts';
import type { Entry } from '../topology/topology.ts';

/** An order of alice's that never changes by itself. */
const orderId = 'ord_0001';

/** Commands that show this level when pasted into a shell, tokens included. */
export async function createSamples(
  state: StackState,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const { gateway, web, mobile, wearable } = state.entries;
  const token = (entry: Entry, client: Exclude<Entry, 'gateway'>) =>
    signIn(state, { user: 'alice', client, audience: entry });
  if (gateway?.[0] !== undefined) return gatewaySamples(gateway[0], await token('gateway', 'mobile'));
  return [
    ...(web?.[0] === undefined ? [] : [webSample(web[0], await token('web', 'web'))]),
    ...(mobile?.[0] === undefined ? [] : [mobileSample(mobile[0], await token('mobile', 'mobile'))]),
    ...(wearable?.[0] === undefined
      ? []
      : [await wearableSample(wearable[0], await token('wearable', 'wearable'), environment)]),
  ];
}

/** The three round trips that one screen costs at level 1. */
function gatewaySamples(url: string, token: string): string[] {
  return [
    `/v1/orders/${orderId}`,
    `/v1/payments?orderIds=${orderId}`,
    `/v1/shipments?orderIds=${orderId}`,
  ].map((path) => `curl -s -H 'authorization: Bearer ${token}' '${url}${path}'`);
}

function webSample(url: string, token: string): string {
  return `curl -s -H 'authorization: Bearer ${token}' ${url}/v1/orders/${orderId}`;
}

function mobileSample(url: string, token: string): string {
  const query = `{ order(id: "${orderId}") { id status payment { status } shipment { status } } }`;
  const body = JSON.stringify({ query });
  return `curl -s -H 'authorization: Bearer ${token}' -H 'content-type: application/json' -d '${body}' ${url}/graphql`;
}

/** By \`grpcurl\` for those who have it; else by a client of this workspace. */
async function wearableSample(
  address: string,
  token: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (!(await isInstalled('grpcurl', environment.PATH ?? ''))) {
    return `npm run -s glance -- ${orderId} --token ${token}`;
  }
  const header = `-H 'authorization: Bearer ${token}'`;
  const body = `-d '{"order_id":"${orderId}"}'`;
  return `grpcurl -plaintext ${header} ${body} ${address} wearable.v1.WearableService/GetOrderGlance`;
}

async function isInstalled(command: string, path: string): Promise<boolean> {
  const found = path.split(delimiter).map(async (folder) => access(join(folder, command), constants.X_OK));
  return Promise.any(found).then(
    () => true,
    () => false,
  );
}
