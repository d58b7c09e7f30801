/** What Apollo Server wants of a cache. */
export interface QueryCache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/** Under this prefix Apollo Server keeps the texts of automatic persisted queries. */
export const persistedQueryPrefix = 'apq:';

/**
 * The texts of automatic persisted queries, shared by all that answer them. No more than `maxCharacters` together: the
 * ones that were not used for longest go first. A client whose text has gone is asked to send it again.
 */
export function createQueryCache(maxCharacters: number): QueryCache {
  const texts = new Map<string, string>();
  let characters = 0;
  const remove = (key: string): boolean => {
    characters -= texts.get(key)?.length ?? 0;
    return texts.delete(key);
  };
  return {
    get: async (key) => {
      const text = texts.get(key);
      if (text === undefined) return undefined;
      // A Map iterates in the order of insertion, so its first key is the oldest.
      texts.delete(key);
      texts.set(key, text);
      return text;
    },
    set: async (key, text) => {
      remove(key);
      texts.set(key, text);
      characters += text.length;
      for (const oldest of texts.keys()) {
        if (characters <= maxCharacters) break;
        remove(oldest);
      }
    },
    delete: async (key) => remove(key),
  };
}
