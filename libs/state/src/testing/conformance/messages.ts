import { expect, it } from '@jest/globals';
import type { KeyValueStore } from '../../key-value-store.ts';
import type { StoreHarness, StoreSubject } from './store-subject.ts';

/** What one instance says and the others hear. */
export function describeMessages(subject: () => StoreSubject): void {
  it('tells every instance within 100 ms, in order, and only on the channel', async () => {
    const { harness, one, two } = subject();
    const heard: string[] = [];
    const stop = [one, two].map((store, index) =>
      store.subscribe('c', { onMessage: (message) => heard.push(`${index}:${message}`) }),
    );
    await untilListening(harness, one, [one, two]);
    await two.publish('other', 'x');
    await two.publish('c', 'first');
    await one.publish('c', 'second');
    await harness.pass(100);
    expect(heard.filter((each) => each.startsWith('0'))).toEqual(['0:first', '0:second']);
    expect(heard.filter((each) => each.startsWith('1'))).toEqual(['1:first', '1:second']);
    for (const each of stop) each();
    await two.publish('c', 'third');
    await harness.pass(100);
    expect(heard).toHaveLength(4);
  });
}

/** Until a message reaches every store: a subscription needs a moment. */
async function untilListening(
  harness: StoreHarness,
  from: KeyValueStore,
  stores: readonly KeyValueStore[],
): Promise<void> {
  const heard = new Set<KeyValueStore>();
  const stop = stores.map((store) => store.subscribe('ready', { onMessage: () => heard.add(store) }));
  while (heard.size < stores.length) {
    await from.publish('ready', '');
    await harness.pass(20);
  }
  for (const each of stop) each();
}
