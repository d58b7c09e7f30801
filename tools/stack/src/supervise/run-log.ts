import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const tailBytes = 16 * 1024;

/** What one run of a process wrote to its log, as far as it tells why the run ended. */
export class RunLog {
  readonly #file: string;
  readonly #start: number;

  /** Call before the run starts: what stands in the file by then belongs to earlier runs. */
  constructor(file: string) {
    this.#file = file;
    this.#start = withFile(file, (handle) => fstatSync(handle).size) ?? 0;
  }

  /** The last line, readable: the message of a structured record. Empty when nothing was written. */
  lastLine(): string {
    const line = this.#lines().at(-1) ?? '';
    return readable(line).slice(0, 200);
  }

  /** What the process said about why it cannot start, whole; undefined when it did not say. */
  startFailure(): string | undefined {
    const lines = this.#lines().filter((line) => !line.startsWith('{'));
    const first = lines.findIndex((line) => line.includes(' cannot start: '));
    return first < 0 ? undefined : lines.slice(first).join('\n');
  }

  /** The error that ended the process without its having caught it, `TypeError: …`. */
  uncaughtError(): string | undefined {
    return this.#lines().find((line) => /^\w*Error\b/.test(line));
  }

  #lines(): string[] {
    const text = withFile(this.#file, (handle) => {
      const { size } = fstatSync(handle);
      const from = Math.max(this.#start, size - tailBytes);
      const bytes = Buffer.alloc(Math.max(0, size - from));
      return bytes.toString('utf8', 0, readSync(handle, bytes, 0, bytes.length, from));
    });
    return (text ?? '').split('\n').filter((line) => line.trim() !== '');
  }
}

function withFile<T>(file: string, read: (handle: number) => T): T | undefined {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    return read(handle);
  } finally {
    closeSync(handle);
  }
}

function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown };
    return typeof msg === 'string' ? msg : line;
  } catch {
    return line;
  }
}
