import { describe, expect, it } from '@jest/globals';
import { formatOverview } from './format-overview.ts';
import type { CellSummary } from './summarise.ts';

const cell = (app: string, fault: string, given: Partial<CellSummary> = {}): CellSummary => ({
  ...{ app, fault, repeats: 20, requests: 400, failedReads: 0, failedPurchases: 0, partialReads: 0 },
  ...{ lost: 0, doubled: 0, unbalanced: 0, streamEnds: 0, roughEnds: 0, missedSteps: 0, repeatedSteps: 0 },
  ...{ longestGap: 0, isRude: false, p50: 20, p99Before: 90, p99During: 123.4, max: 500, reasons: [] },
  ...given,
});

describe('the overview', () => {
  it('has a line per tier, a column per fault, and counts everything that a client notices', () => {
    const summaries = [
      cell('edge', 'kill -9', { failedReads: 1, lost: 1, missedSteps: 1 }),
      cell('edge', 'freeze'),
      cell('web-bff', 'freeze', { partialReads: 3 }),
    ];
    expect(formatOverview(summaries).split('\n')).toEqual([
      '| tier | kill -9 | freeze |',
      '| --- | --- | --- |',
      '| edge | 3 of 400, 123 ms | 0 of 400, 123 ms |',
      '| web-bff | – | 0 of 400, 123 ms |',
    ]);
  });
});
