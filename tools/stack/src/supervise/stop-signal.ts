const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopSignal {
  /** Resolves with the first signal that asks to stop. */
  readonly first: Promise<string>;
  /** Resolves with the second: the user does not want to wait. */
  readonly second: Promise<string>;
  /** Gives the signals back. */
  release(): void;
}

/** Ctrl-C, `kill`, and the terminal going away all mean: stop in order. Keeps the process alive until released. */
export function awaitStopSignal(): StopSignal {
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  let seen = 0;
  const receive = (signal: NodeJS.Signals) => {
    (++seen === 1 ? first : second).resolve(signal);
  };
  for (const signal of signals) process.on(signal, receive);
  // While every child waits for its restart nothing else holds the event loop.
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  return {
    first: first.promise,
    second: second.promise,
    release() {
      clearInterval(keepAlive);
      for (const signal of signals) process.off(signal, receive);
    },
  };
}
