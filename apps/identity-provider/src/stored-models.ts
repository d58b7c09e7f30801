import type { KeyRing } from '@bff/auth/session';
import type { Clock } from '@bff/core';
import { errors, type Adapter, type StoredPayload } from 'oidc-provider';
import { guardStore, type ModelStore } from './guard-store.ts';

export interface StoredModelsOptions {
  state: ModelStore;
  /** Seals what is stored: ids of sessions, codes and refresh tokens are all that it takes to use them. */
  keys: KeyRing;
  clock: Clock;
}

const day = 24 * 60 * 60;
const pageSize = 500;

/**
 * oidc-provider's storage (sessions, grants, codes, refresh tokens, interactions) in the state that outlives the process: a restart,
 * also by force, signs nobody out. Names are fingerprints and values sealed, so a copy of the store is of no use without the keys.
 */
export function createStoredModels(options: StoredModelsOptions): (model: string) => Adapter {
  const guarded = { ...options, state: guardStore(options.state) };
  return (model) => new StoredModel(model, guarded);
}

class StoredModel implements Adapter {
  readonly #model: string;
  readonly #options: StoredModelsOptions;

  constructor(model: string, options: StoredModelsOptions) {
    this.#model = model;
    this.#options = options;
  }

  /** @param expiresIn in seconds */
  async upsert(id: string, payload: StoredPayload, expiresIn = 14 * day): Promise<void> {
    const { state } = this.#options;
    const until = { timeToLiveMs: Math.max(1, expiresIn * 1_000) };
    const { uid, userCode, grantId } = payload;
    // The indexes first: what they do not know could be neither found nor revoked.
    if (uid !== undefined) await this.#set('uid', uid, id, until);
    if (userCode !== undefined) await this.#set('user-code', userCode, id, until);
    if (grantId !== undefined) {
      const [index = ''] = this.#names('grant', grantId);
      await state.set(`${index}:${this.#names('id', id)[0] ?? ''}`, '', until);
    }
    await this.#set('id', id, JSON.stringify(payload), until);
  }

  async find(id: string | undefined): Promise<StoredPayload | undefined> {
    const stored = id === undefined ? undefined : await this.#get('id', id);
    return stored && (JSON.parse(stored.text) as StoredPayload);
  }

  async findByUid(uid: string): Promise<StoredPayload | undefined> {
    return this.find((await this.#get('uid', uid))?.text);
  }

  async findByUserCode(userCode: string): Promise<StoredPayload | undefined> {
    return this.find((await this.#get('user-code', userCode))?.text);
  }

  async destroy(id: string): Promise<void> {
    const payload = await this.find(id);
    for (const name of this.#names('id', id)) await this.#options.state.delete(name);
    // A session keeps its uid when its id changes, so the uid may point to its successor by now.
    if (payload?.uid !== undefined) await this.#deleteIndex('uid', payload.uid, id);
    if (payload?.userCode !== undefined) await this.#deleteIndex('user-code', payload.userCode, id);
  }

  /** Throws for what was used before: the provider has looked, but so has everybody who came at the same moment. */
  async consume(id: string): Promise<void> {
    const { clock, state } = this.#options;
    for (;;) {
      const stored = await this.#get('id', id);
      if (!stored) return;
      const payload = JSON.parse(stored.text) as StoredPayload;
      if (payload.consumed !== undefined) throw new errors.InvalidGrant('already consumed');
      const now = Math.floor(clock.date().getTime() / 1_000);
      const until = { timeToLiveMs: Math.max(1, (payload.exp ?? now + 14 * day) - now) * 1_000 };
      const sealed = this.#options.keys.seal(
        JSON.stringify({ ...payload, consumed: now }),
        contextOf(stored.name),
      );
      if ((await state.compareAndSet(stored.name, stored.version, sealed, until)) !== undefined) return;
    }
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    const { state } = this.#options;
    for (const index of this.#names('grant', grantId)) {
      for (;;) {
        const page = await state.list(`${index}:`, { limit: pageSize });
        for (const { key } of page) {
          await state.delete(key.slice(index.length + 1));
          await state.delete(key);
        }
        if (page.length < pageSize) break;
      }
    }
  }

  async #set(kind: Kind, text: string, value: string, until: { timeToLiveMs: number }): Promise<void> {
    const [name = ''] = this.#names(kind, text);
    await this.#options.state.set(name, this.#options.keys.seal(value, contextOf(name)), until);
  }

  /** By whichever key of the ring it was stored. */
  async #get(kind: Kind, text: string) {
    for (const name of this.#names(kind, text)) {
      const entry = await this.#options.state.get(name);
      const opened = entry && this.#options.keys.open(entry.value, contextOf(name));
      if (entry && opened !== undefined) return { name, text: opened, version: entry.version };
    }
    return undefined;
  }

  async #deleteIndex(kind: Kind, text: string, id: string): Promise<void> {
    const stored = await this.#get(kind, text);
    if (stored?.text === id) await this.#options.state.delete(stored.name, stored.version);
  }

  #names(kind: Kind, text: string): string[] {
    return this.#options.keys
      .fingerprints(`${this.#model} ${kind} ${text}`)
      .map((fingerprint) => `${this.#model}:${kind}:${fingerprint}`);
  }
}

type Kind = 'id' | 'uid' | 'user-code' | 'grant';

function contextOf(name: string) {
  return { purpose: 'provider', bound: name } as const;
}
