import type { Clock } from '@bff/core';
import type { Adapter, StoredPayload } from 'oidc-provider';

interface Entry {
  payload: StoredPayload;
  expiresAt: number;
}

/** Every so many writes what has expired is thrown out. */
const sweepEvery = 1_000;

/**
 * The provider's storage, in memory: gone with the process, which is right for development and tests.
 * oidc-provider's own keeps 1 000 entries, few enough for a load test to sign its first users out.
 */
export function createMemoryStore(clock: Clock): (model: string) => Adapter {
  return () => createMemoryAdapter(clock);
}

function createMemoryAdapter(clock: Clock): Adapter {
  const entries = new Map<string, Entry>();
  const byUserCode = new Map<string, string>();
  const byUid = new Map<string, string>();
  let writes = 0;

  const forget = (id: string, { payload }: Entry) => {
    entries.delete(id);
    if (payload.userCode !== undefined) byUserCode.delete(payload.userCode);
    // A session keeps its uid when its id changes, so the uid may point to its successor by now.
    if (payload.uid !== undefined && byUid.get(payload.uid) === id) byUid.delete(payload.uid);
  };
  const forgetWhere = (matches: (entry: Entry) => boolean) => {
    for (const [id, entry] of entries) if (matches(entry)) forget(id, entry);
  };
  const find = async (id: string | undefined) => {
    const entry = id === undefined ? undefined : entries.get(id);
    return entry && entry.expiresAt > clock.now() ? entry.payload : undefined;
  };

  return {
    async upsert(id, payload, expiresIn = Infinity) {
      const now = clock.now();
      writes += 1;
      if (writes % sweepEvery === 0) forgetWhere((entry) => entry.expiresAt <= now);
      entries.set(id, { payload, expiresAt: now + expiresIn * 1_000 });
      if (payload.userCode !== undefined) byUserCode.set(payload.userCode, id);
      if (payload.uid !== undefined) byUid.set(payload.uid, id);
    },
    find,
    findByUserCode: (userCode) => find(byUserCode.get(userCode)),
    findByUid: (uid) => find(byUid.get(uid)),
    async destroy(id) {
      const entry = entries.get(id);
      if (entry) forget(id, entry);
    },
    async consume(id) {
      const entry = entries.get(id);
      if (entry) entry.payload.consumed = Math.floor(clock.date().getTime() / 1_000);
    },
    async revokeByGrantId(grantId) {
      forgetWhere((entry) => entry.payload.grantId === grantId);
    },
  };
}
