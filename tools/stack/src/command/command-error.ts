/** A command cannot do what it was asked; the message says what happened and what to do about it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** 2 for wrong usage, 1 for everything else. */
  readonly exitStatus: 1 | 2;

  constructor(message: string, options: { exitStatus?: 1 | 2; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitStatus = options.exitStatus ?? 1;
  }
}
