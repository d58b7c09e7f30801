/** The command cannot do what it was asked; the message says what happened, where, and what to do about it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** 2 for wrong usage, 1 for everything else. */
  readonly exitStatus: 1 | 2;

  constructor(exitStatus: 1 | 2, message: string, cause?: unknown) {
    super(message, { cause });
    this.exitStatus = exitStatus;
  }
}
