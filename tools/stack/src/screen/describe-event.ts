import type { ProcessEvent } from '../supervise/supervised-process.ts';

/** One line for a person; undefined for what needs none. */
export function describeEvent(name: string, event: ProcessEvent): string | undefined {
  switch (event.type) {
    case 'died': {
      const last = event.lastLine === '' ? '' : ` Last line of its log: ${event.lastLine}`;
      return `${name} died (${event.reason}); it starts again in ${event.restartInMs / 1_000} s.${last}`;
    }
    case 'back':
      return `${name} is back.`;
    // The command ends with its message.
    case 'cannot-start':
    case 'status':
      return undefined;
  }
}
