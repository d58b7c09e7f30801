/**
 * A refusal with an HTTP status that no error code of the workspace stands for: 405, 408, 413, 414, 415, 417, 431. The message is
 * written for the client.
 */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: number;
  /** What follows on this connection could be misunderstood: it is closed. */
  readonly closes: boolean;

  constructor(status: number, message: string, { closes = false }: { closes?: boolean } = {}) {
    super(message);
    this.status = status;
    this.closes = closes;
  }
}
