import { describe, expect, it } from '@jest/globals';
import { openRequest, openUpstream, order, type Respond, type StandIn } from './testing/stand-in.ts';
import { cleanUpAfterEach } from './testing/clean-up-after-each.ts';
import { protocols } from './testing/protocols.ts';

const cleanUps = cleanUpAfterEach();

const answers: Respond = async () => order;

describe.each(protocols)('instances that refuse over %s', (_name, start) => {
  async function connect(respond: readonly [Respond, Respond], timeoutMs: number) {
    const services = await Promise.all(respond.map((one) => start(one)));
    const [cold, gone] = services as [StandIn, StandIn];
    const opened = openUpstream(`${cold.url},${gone.url}`, {
      // Of equal instances the first.
      policy: { picker: 'round_robin', retry: { maxRetries: 1 } },
      random: () => 0,
      timeoutMs,
    });
    const scope = openRequest(5_000);
    cleanUps.push(
      ...services.map((service) => () => service.close().catch(() => undefined)),
      () => opened.upstream.close(),
      () => scope.close(),
    );
    return { ...opened, context: scope.context, cold, gone };
  }

  it('come last: behind a cold one that was too slow at first', async () => {
    let calls = 0;
    const warmsUp: Respond = async () => (calls++ === 0 ? new Promise(() => undefined) : order);
    const { orders, context, gone, cold, attempts } = await connect([warmsUp, answers], 200);
    await gone.close();
    expect(await orders.get({ orderId: 'o' }, context)).toEqual(order);
    const idOf = ({ url }: StandIn) => new URL(url).host;
    expect(attempts.map(({ endpoint }) => endpoint.id)).toEqual([idOf(cold), idOf(gone), idOf(cold)]);
  });

  it('are asked again after a moment when there is nobody else, as while a service restarts', async () => {
    const { orders, context, cold, gone, attempts } = await connect([answers, answers], 1_000);
    await Promise.all([cold.close(), gone.close()]);
    const call = orders.get({ orderId: 'o' }, context);
    while (attempts.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    const back = await start(answers, Number(new URL(cold.url).port));
    cleanUps.push(() => back.close());
    expect(await call).toEqual(order);
    const kinds = attempts.map(({ outcome }) =>
      outcome.kind === 'failure' ? outcome.failure : outcome.kind,
    );
    expect(new Set(kinds.slice(0, -1))).toEqual(new Set(['refused']));
  });

  it('fail a call soon all the same when nobody comes back', async () => {
    const { orders, context, cold, gone, attempts } = await connect([answers, answers], 1_000);
    await Promise.all([cold.close(), gone.close()]);
    await expect(orders.get({ orderId: 'o' }, context)).rejects.toMatchObject({ code: 'unavailable' });
    expect(attempts.length).toBeLessThanOrEqual(13);
    // In an outage the budget is soon used up, and with it the waiting.
    const many = await Promise.allSettled(
      Array.from({ length: 100 }, () => orders.get({ orderId: 'o' }, context)),
    );
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(attempts.length).toBeLessThanOrEqual(101 + 21);
  });
});
