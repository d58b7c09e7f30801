import { createManualClock } from '@bff/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { ProcessStatus, StackState } from '../prepare/stack-state.ts';
import { showProgress } from './progress.ts';

function stateOf(statuses: Record<string, ProcessStatus>): StackState {
  const processes = Object.entries(statuses).map(([name, status]) => ({
    ...{ name, app: name, pid: 1, url: '', admin: '', status },
  }));
  return { level: 2, ready: false, entries: {}, processes };
}

describe('progress of a start', () => {
  it('names what is awaited, after a second and then ever more rarely, until it is ended', async () => {
    const clock = createManualClock();
    const lines: [number, string][] = [];
    const end = showProgress(
      () => stateOf({ 'order-service': 'ready', 'web-bff': 'starting', 'mobile-bff': 'restarting' }),
      { clock, terminal: { line: (text) => lines.push([clock.now(), text]), error: () => undefined } },
    );
    await clock.advance(30_000);
    end();
    await clock.advance(60_000);
    expect(lines.map(([at]) => at)).toEqual([1_000, 3_000, 10_000, 30_000]);
    expect(lines[0]?.[1]).toBe('1 of 3 processes are ready; waiting for web-bff, mobile-bff (restarting)');
    expect(clock.pendingTimers()).toBe(0);
  });
});
