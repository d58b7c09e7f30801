import type { RequestListener, ServerResponse } from 'node:http';
import { AppError } from '@bff/core';
import { problemOf } from '../http/problem.ts';
import type { OnUpgrade } from '../http/http-listener.ts';
import { refuseOnSocket } from '../http/raw-refusal.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import type { ProcessKit } from '../process-kit.ts';
import type { Caller } from './fault-injector.ts';

type FaultyKit = Pick<ProcessKit, 'faults' | 'metrics' | 'clock'>;

/** `handler` behind the faults of its process: before anything of a request is looked at. */
export function withHttpFaults(
  { faults, metrics, clock }: FaultyKit,
  handler: RequestListener,
): RequestListener {
  if (!faults) return handler;
  return (request, response) => {
    if (!faults.isOn) {
      handler(request, response);
      return;
    }
    const startedAt = clock.now();
    const caller = callerOf(response, () => void request.socket.resetAndDestroy());
    faults.pass(caller).then(
      () => {
        handler(request, response);
      },
      (thrown: unknown) => {
        const status = answerWith(thrown, response);
        const { method = '' } = request;
        metrics.httpRequest({ route: 'fault', method, status, durationMs: clock.now() - startedAt });
      },
    );
  };
}

/** The same for requests of another protocol. */
export function withUpgradeFaults({ faults }: Pick<FaultyKit, 'faults'>, onUpgrade: OnUpgrade): OnUpgrade {
  if (!faults) return onUpgrade;
  return (request, socket, head) => {
    if (!faults.isOn) {
      onUpgrade(request, socket, head);
      return;
    }
    // Nobody else listens while it waits, and a reset would end the process.
    const ignore = () => undefined;
    socket.on('error', ignore);
    faults.pass(callerOf(socket, () => void request.socket.resetAndDestroy())).then(
      () => {
        socket.off('error', ignore);
        onUpgrade(request, socket, head);
      },
      (thrown: unknown) => {
        const { status, detail } = problemOf(thrown);
        refuseOnSocket(socket, new HttpRefusal(status, detail));
      },
    );
  };
}

function callerOf(
  connection: { once(event: 'close', listener: () => void): unknown },
  reset: () => void,
): Caller {
  const left = new AbortController();
  connection.once('close', () => {
    left.abort();
  });
  return { left: left.signal, reset };
}

/** Returns the status for metrics; 499 where nobody is there to answer. */
function answerWith(thrown: unknown, response: ServerResponse): string {
  if (response.destroyed || AppError.from(thrown).code === 'cancelled') return '499';
  const problem = problemOf(thrown);
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(problem));
  return String(problem.status);
}
