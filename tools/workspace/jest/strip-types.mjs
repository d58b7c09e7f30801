import { stripTypeScriptTypes } from 'node:module';

/** A Jest transformer around Node's own type stripping: lines and columns stay where they were. */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
