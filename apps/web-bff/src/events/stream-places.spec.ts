import { describe, expect, it } from '@jest/globals';
import { createStreamPlaces } from './stream-places.ts';

describe('places for streams', () => {
  it('are bounded for each user and for the process, and given back once', () => {
    const places = createStreamPlaces({ max: 3, maxPerUser: 2 });
    const give = places.take('alice');
    places.take('alice');
    expect(() => places.take('alice')).toThrow('At most 2 event streams');
    places.take('bob');
    expect(() => places.take('bob')).toThrow('no room');
    give();
    give();
    expect(places.taken()).toBe(2);
    places.take('bob');
    expect(places.taken()).toBe(3);
  });
});
