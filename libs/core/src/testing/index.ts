export { createManualClock, type ManualClock } from './manual-clock.ts';
export { openTestContext } from './test-context.ts';
export { waitedForProcessorMs } from './waited-for-processor.ts';
