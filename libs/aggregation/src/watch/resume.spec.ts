import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { gone, read, setUp, stageOf } from '../testing/watched-order.ts';

const down = new AppError('unavailable', 'gone');

describe('a reader who resumes', () => {
  it('misses no step and gets none twice on another instance, at whichever step his own one died', async () => {
    const history = setUp();
    const steps = (services: typeof history.services) => [
      () => services.payment('captured'),
      () => services.shipment('in_transit'),
      () => services.shipment('out_for_delivery'),
      () => services.order('cancelled'),
      () => services.shipment('delivered'),
      () => services.payment('refunded'),
    ];
    const { length } = steps(history.services);
    for (let died = 0; died <= length; died++) {
      for (let back = died; back <= length; back++) {
        const { clock, services, instance, open } = setUp();
        const [first, second] = [instance(), instance()];
        const scope = open();
        const before = read(first, scope);
        await clock.advance(0);
        const run = async (from: number, to: number) => {
          for (const step of steps(services).slice(from, to)) {
            step();
            await clock.advance(0);
          }
        };
        await run(0, died);
        scope.cancel(gone);
        await run(died, back);
        const after = read(second, open(), { after: before.updates.at(-1)?.cursor });
        await clock.advance(0);
        await run(back, length);
        const seen = [...before.updates, ...after.updates];
        expect(seen.map(({ changed }) => changed[0])).toHaveLength(length + 1);
        // Each service's own order of steps, whatever the mixture of what was caught up.
        expect(
          seen.flatMap(({ changed, shipment }) =>
            changed[0] === 'shipment' && shipment.ok ? shipment.value?.status : [],
          ),
        ).toEqual(['in_transit', 'out_for_delivery', 'delivered']);
        expect(
          seen.flatMap(({ changed, payment }) =>
            changed[0] === 'payment' && payment.ok ? payment.value?.status : [],
          ),
        ).toEqual(['captured', 'refunded']);
        expect(stageOf(seen.at(-1)!)).toBe('cancelled refunded delivered');
        second.close();
      }
    }
  });

  it('sees things as they were, not as they are, while he catches up', async () => {
    const { clock, services, instance, open } = setUp();
    const scope = open();
    const before = read(instance(), scope);
    await clock.advance(0);
    scope.cancel(gone);
    services.payment('captured');
    services.order('cancelled');
    const after = read(instance(), open(), { after: before.updates[0]?.cursor });
    await clock.advance(0);
    // The order was confirmed when the payment was captured, in whichever order the services tell it.
    expect(['confirmed captured preparing', 'cancelled authorised preparing']).toContain(
      stageOf(after.updates[0]!),
    );
    expect(stageOf(after.updates[1]!)).toBe('cancelled captured preparing');
    expect(after.updates).toHaveLength(2);
  });

  it('gets nothing twice where others are ahead of him, and costs no second stream', async () => {
    const { clock, services, instance, open } = setUp();
    const other = instance();
    const scope = open();
    const mine = read(other, scope);
    await clock.advance(0);
    scope.cancel(gone);
    services.shipment('in_transit');
    services.shipment('out_for_delivery');
    const watch = instance();
    const ahead = read(watch, open());
    await clock.advance(0);
    const resumed = read(watch, open(), { after: mine.updates[0]?.cursor });
    await clock.advance(0);
    expect(watch.state().streams).toBe(3);
    expect(services.streams.size).toBe(3);
    services.shipment('delivered');
    await clock.advance(0);
    expect(ahead.updates.map(stageOf)).toEqual([
      'confirmed authorised out_for_delivery',
      'confirmed authorised delivered',
    ]);
    expect(resumed.updates.map(stageOf)).toEqual([
      'confirmed authorised in_transit',
      'confirmed authorised out_for_delivery',
      'confirmed authorised delivered',
    ]);
  });

  it('with the latest alone gets the present state when it is news, and nothing when it is not', async () => {
    const { clock, services, instance, open } = setUp();
    const before = read(instance(), open(), { delivery: 'latest' });
    await clock.advance(0);
    const after = before.updates[0]?.cursor;
    const same = read(instance(), open(), { delivery: 'latest', after });
    await clock.advance(0);
    expect(same.updates).toEqual([]);
    services.shipment('in_transit');
    services.shipment('out_for_delivery');
    await clock.advance(0);
    const later = read(instance(), open(), { delivery: 'latest', after });
    await clock.advance(0);
    expect(later.updates.map(stageOf)).toEqual(['confirmed authorised out_for_delivery']);
    expect(same.updates.map(stageOf).at(-1)).toBe('confirmed authorised out_for_delivery');
  });

  it('gets what is still kept when the service has forgotten where he was', async () => {
    const { clock, services, instance, open } = setUp();
    services.shipment('in_transit');
    const scope = open();
    const before = read(instance(), scope);
    await clock.advance(0);
    scope.cancel(gone);
    services.shipment('out_for_delivery');
    services.shipment('delivered');
    services.shipments.forgottenUntil = 3;
    const after = read(instance(), open(), { after: before.updates[0]?.cursor });
    await clock.advance(2_000);
    expect(after.updates.map(stageOf)).toEqual(['confirmed authorised delivered']);
    services.payment('captured');
    await clock.advance(0);
    expect(after.updates.map(stageOf).at(-1)).toBe('confirmed captured delivered');
  });

  it.each(['', 'x', '1.2', '1.2.3.4', '-1.0.0', '1.2.3 ', 'A.B.C', '99999999999.1.1', '../../x'])(
    'is refused with a cursor that is none: %j',
    async (after) => {
      const { instance, open } = setUp();
      const reader = read(instance(), open(), { after });
      await reader.finished;
      expect(reader.state.error).toMatchObject({ code: 'invalid_argument', faults: [{ field: 'after' }] });
    },
  );
});

describe('a stream to a service', () => {
  it('that breaks is opened again at the next instance, and no step is lost or doubled', async () => {
    const { clock, services, instance, open } = setUp();
    const reader = read(instance(), open());
    await clock.advance(0);
    for (const status of ['in_transit', 'out_for_delivery', 'delivered'] as const) {
      for (const stream of [...services.streams]) stream.break(down);
      services.shipment(status);
      await clock.advance(100);
    }
    expect(reader.updates.map(stageOf)).toEqual([
      'confirmed authorised preparing',
      'confirmed authorised in_transit',
      'confirmed authorised out_for_delivery',
      'confirmed authorised delivered',
    ]);
    expect(services.streams.size).toBe(3);
  });

  it('is back within a second of its service, and the others go on meanwhile', async () => {
    const { clock, services, instance, open } = setUp();
    const reader = read(instance(), open());
    await clock.advance(0);
    services.shipments.fault = down;
    for (const stream of [...services.streams]) if (stream.name === 'shipments') stream.break(down);
    await clock.advance(60_000);
    services.payment('captured');
    await clock.advance(0);
    expect(reader.updates.map(stageOf).at(-1)).toBe('confirmed captured preparing');
    services.shipments.fault = undefined;
    services.shipment('in_transit');
    await clock.advance(1_000);
    expect(reader.updates.map(stageOf).at(-1)).toBe('confirmed captured in_transit');
  });

  it('shows a source that was down at the beginning once it is there', async () => {
    const { clock, services, instance, open } = setUp();
    services.payments.fault = down;
    const reader = read(instance(), open());
    await clock.advance(10_000);
    services.payments.fault = undefined;
    await clock.advance(1_000);
    expect(reader.updates.map(stageOf)).toEqual([
      'confirmed upstream_failed preparing',
      'confirmed authorised preparing',
    ]);
  });

  it('is opened anew after its life, on behalf of somebody who still reads', async () => {
    const { clock, services, instance, open } = setUp();
    const watch = instance({ streamLifeMs: 60_000 });
    const [first, second] = [open(), open()];
    read(watch, first);
    const reader = read(watch, second);
    await clock.advance(30_000);
    first.cancel(gone);
    const [old] = services.streams;
    await clock.advance(31_000);
    expect(old?.context.signal.aborted).toBe(true);
    expect(services.streams.size).toBe(3);
    services.shipment('in_transit');
    await clock.advance(0);
    expect(reader.updates).toHaveLength(2);
  });

  it('that is refused ends its reader, not the others', async () => {
    const { clock, services, instance, open } = setUp();
    const watch = instance();
    const [one, other] = [read(watch, open()), read(watch, open())];
    await clock.advance(0);
    const [stream] = services.streams;
    stream?.break(new AppError('permission_denied', 'not any more'));
    await clock.advance(100);
    expect(one.state.error).toMatchObject({ code: 'permission_denied' });
    expect(watch.state()).toEqual({ orders: 1, watchers: 1, streams: 3 });
    services.shipment('in_transit');
    await clock.advance(0);
    expect(other.updates).toHaveLength(2);
    expect(one.updates).toHaveLength(1);
  });
});
