import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { openTestContext } from '@bff/core/testing';
import { gone, read, setUp, stageOf } from '../testing/watched-order.ts';

describe('a watched order', () => {
  it('begins with its state and shows every change of all three services', async () => {
    const { clock, services, instance, open } = setUp();
    const scope = open();
    const { updates } = read(instance(), scope);
    await clock.advance(0);
    services.payment('captured');
    await clock.advance(0);
    services.shipment('in_transit');
    services.shipment('out_for_delivery');
    await clock.advance(0);
    services.order('cancelled');
    await clock.advance(0);
    expect(updates.map(stageOf)).toEqual([
      'confirmed authorised preparing',
      'confirmed captured preparing',
      'confirmed captured in_transit',
      'confirmed captured out_for_delivery',
      'cancelled captured out_for_delivery',
    ]);
    expect(updates.map(({ changed }) => changed)).toEqual([
      [],
      ['payment'],
      ['shipment'],
      ['shipment'],
      ['order'],
    ]);
    expect(new Set(updates.map(({ cursor }) => cursor)).size).toBe(5);
    scope.cancel(gone);
  });

  it('costs one stream to each service, however many watch, and none when the last one has left', async () => {
    const { clock, services, instance, open } = setUp();
    const watch = instance();
    const scopes = Array.from({ length: 50 }, () => open());
    const readers = scopes.map((scope) => read(watch, scope));
    await clock.advance(0);
    expect(watch.state()).toEqual({ orders: 1, watchers: 50, streams: 3 });
    expect([...services.streams].map(({ name }) => name)).toEqual(['orders', 'payments', 'shipments']);
    services.shipment('in_transit');
    await clock.advance(0);
    expect(readers.map(({ updates }) => updates.length)).toEqual(readers.map(() => 2));
    for (const scope of scopes.slice(1)) scope.cancel(gone);
    await clock.advance(0);
    // The streams were opened for the first reader; he is still there, and so they are.
    services.shipment('out_for_delivery');
    await clock.advance(0);
    expect(readers[0]?.updates).toHaveLength(3);
    scopes[0]?.cancel(gone);
    await clock.advance(0);
    expect(watch.state()).toEqual({ orders: 0, watchers: 0, streams: 0 });
    expect(services.streams.size).toBe(0);
    expect(readers.map(({ state }) => state.error)).toEqual(readers.map(() => gone));
    for (const { context } of scopes) expect(getEventListeners(context.signal, 'abort')).toHaveLength(0);
    for (const scope of scopes) scope.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('is not found for whoever may not see it, even while its owner watches', async () => {
    const { clock, instance, open } = setUp();
    const watch = instance();
    read(watch, open());
    await clock.advance(0);
    const bob = read(watch, open('bob'));
    await bob.finished;
    expect(bob.state.error).toMatchObject({ code: 'not_found' });
    expect(bob.updates).toEqual([]);
    expect(watch.state().watchers).toBe(1);
  });

  it('follows no source that is not asked for', async () => {
    const { clock, services, instance, open } = setUp();
    const watch = instance();
    const { updates } = read(watch, open(), { include: { payment: false } });
    await clock.advance(0);
    expect(watch.state().streams).toBe(2);
    services.payment('captured');
    services.shipment('in_transit');
    await clock.advance(0);
    expect(updates.map(({ payment, changed }) => [payment, changed])).toEqual([
      [{ ok: false, code: 'skipped' }, []],
      [{ ok: false, code: 'skipped' }, ['shipment']],
    ]);
    // Somebody else wants it: the missing stream is opened, and closed when he leaves.
    const other = open();
    read(watch, other);
    await clock.advance(0);
    expect(watch.state().streams).toBe(3);
    other.cancel(gone);
    await clock.advance(0);
    expect(watch.state().streams).toBe(2);
  });

  it('ends with the deadline of its reader', async () => {
    const { clock, instance } = setUp();
    const scope = openTestContext({ clock, timeoutMs: 5_000 });
    const { state, finished } = read(instance(), scope);
    await clock.advance(5_000);
    await finished;
    expect(state.error).toMatchObject({ code: 'deadline_exceeded' });
    expect(clock.pendingTimers()).toBe(0);
  });

  it('lets a reader return while he waits for the next change', async () => {
    const { clock, instance, open } = setUp();
    const watch = instance();
    const scope = open();
    const iterator = watch.watch({ orderId: 'ord_1' }, scope.context);
    await iterator.next();
    const waiting = iterator.next();
    await clock.advance(0);
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(watch.state()).toEqual({ orders: 0, watchers: 0, streams: 0 });
    scope.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('tells its readers to resume elsewhere when the process stops, and takes no new ones', async () => {
    const { clock, instance, open } = setUp();
    const watch = instance();
    const reader = read(watch, open());
    await clock.advance(0);
    watch.close();
    await reader.finished;
    expect(reader.state.error).toMatchObject({ code: 'unavailable' });
    const late = read(watch, open());
    await late.finished;
    expect(late.state.error).toMatchObject({ code: 'unavailable' });
  });

  it('gives a slow reader the latest alone, or every step, as he likes', async () => {
    const { clock, services, instance, open } = setUp();
    const watch = instance();
    const slow = watch.watch({ orderId: 'ord_1', delivery: 'latest' }, open().context);
    const thorough = watch.watch({ orderId: 'ord_1' }, open().context);
    await Promise.all([slow.next(), thorough.next()]);
    await clock.advance(0);
    for (const status of ['in_transit', 'out_for_delivery', 'delivered'] as const) services.shipment(status);
    await clock.advance(0);
    services.payment('captured');
    await clock.advance(0);
    const { value } = await slow.next();
    expect(value && stageOf(value)).toBe('confirmed captured delivered');
    expect(value?.changed).toEqual(['payment', 'shipment']);
    const steps: string[] = [];
    for (let step = 0; step < 4; step++) {
      const { value: update } = await thorough.next();
      steps.push(update ? stageOf(update) : 'nothing');
    }
    expect(steps).toEqual([
      'confirmed authorised in_transit',
      'confirmed authorised out_for_delivery',
      'confirmed authorised delivered',
      'confirmed captured delivered',
    ]);
    watch.close();
  });

  it('drops a reader of every step who is further behind than changes are kept', async () => {
    const { clock, services, instance, open } = setUp();
    const watch = instance({ maxKeptChanges: 3 });
    const iterator = watch.watch({ orderId: 'ord_1' }, open().context);
    const first = await iterator.next();
    await clock.advance(0);
    for (let change = 0; change < 5; change++) services.order('confirmed');
    await clock.advance(0);
    await expect(iterator.next()).rejects.toMatchObject({ code: 'resource_exhausted' });
    expect(watch.state().watchers).toBe(0);
    // He loses nothing by it.
    const resumed = read(watch, open(), { after: first.value?.cursor });
    await clock.advance(0);
    expect(resumed.updates).toHaveLength(5);
    watch.close();
  });
});
