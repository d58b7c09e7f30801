import { AppError } from '@bff/core';
import type { KeyValueStore } from '@bff/state';
import { errors } from 'oidc-provider';

/** As much of the state as the provider's models need. */
export type ModelStore = Pick<KeyValueStore, 'get' | 'set' | 'compareAndSet' | 'delete' | 'list'>;

/** In OAuth's words (RFC 6749, 4.1.2.1). The provider says of any other error that it is its own, with 500. */
export class StoreAway extends errors.OIDCProviderError {
  readonly error_description = 'This is not possible for the moment; try again shortly.';
  // Otherwise its clients are not told.
  override readonly expose = true;

  constructor(cause: AppError) {
    super(503, 'temporarily_unavailable', { cause });
  }
}

/** The same store; while it is away it fails in a way that clients of the provider understand. */
export function guardStore(store: ModelStore): ModelStore {
  return {
    get: guard((...given) => store.get(...given)),
    set: guard((...given) => store.set(...given)),
    compareAndSet: guard((...given) => store.compareAndSet(...given)),
    delete: guard((...given) => store.delete(...given)),
    list: guard((...given) => store.list(...given)),
  };
}

function guard<Given extends unknown[], Result>(method: (...given: Given) => Promise<Result>) {
  return async (...given: Given): Promise<Result> => {
    try {
      return await method(...given);
    } catch (thrown) {
      throw thrown instanceof AppError && thrown.code === 'unavailable' ? new StoreAway(thrown) : thrown;
    }
  };
}
