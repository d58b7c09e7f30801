import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

/**
 * A Jest transformer around Node's own type stripping: lines and columns stay where they were.
 * The cache key is the source and Node's version, since nothing else decides the outcome; Jest's default
 * key also hashes the whole configuration, so the projects would not share each other's cache.
 */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
  getCacheKey: (source, _path, options) =>
    createHash('sha256')
      .update(`${process.version}\0${String(options?.instrument)}\0`)
      .update(source)
      .digest('hex'),
};
