import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { gone, setUp } from '../testing/watched-order.ts';

/** Bytes in use after a full collection. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

describe('A10: 1 000 watchers who have stopped reading', () => {
  it.each(['latest', 'steps'] as const)(
    'cost next to nothing in a minute of changes: %s',
    async (delivery) => {
      const { clock, services, instance, open } = setUp();
      const watch = instance();
      const watchers = Array.from({ length: 1_000 }, () => {
        const scope = open();
        return { scope, iterator: watch.watch({ orderId: 'ord_1', delivery }, scope.context) };
      });
      await Promise.all(watchers.map(({ iterator }) => iterator.next()));
      await clock.advance(0);
      expect(watch.state()).toEqual({ orders: 1, watchers: 1_000, streams: 3 });
      const before = heapUsed();
      for (let second = 0; second < 60; second++) {
        for (let change = 0; change < 20; change++)
          services.shipment(change % 2 ? 'in_transit' : 'out_for_delivery');
        await clock.advance(1_000);
        // The services' own memory is not what is measured.
        services.shipments.changes.splice(0, services.shipments.changes.length - 1);
      }
      const grown = (heapUsed() - before) / 1024 / 1024;
      process.stdout.write(
        `A10: 1 000 slow watchers (${delivery}), 1 200 changes: heap ${grown.toFixed(1)} MB more\n`,
      );
      expect(grown).toBeLessThanOrEqual(50);
      expect(services.streams.size).toBe(3);
      if (delivery === 'latest') {
        const { value } = await watchers[0]!.iterator.next();
        expect(value?.shipment).toMatchObject({ ok: true, value: { revision: 1_201 } });
      }
      for (const { scope } of watchers) scope.cancel(gone);
      expect(watch.state()).toEqual({ orders: 0, watchers: 0, streams: 0 });
    },
  );
});
