import { checkoutVariables } from '@bff/aggregation';
import {
  admissionVariables,
  answerVariables,
  baseVariables,
  count,
  httpVariables,
  identityVariables,
  stateVariables,
} from '@bff/server-kit';
import { serviceVariables, watchVariables } from '@bff/upstream';
import { z } from 'zod';
import { sessionVariables } from './session/session-configuration.ts';

export const configuration = z.object({
  ...baseVariables({ port: 8081 }),
  ...httpVariables(),
  ...identityVariables({ audience: 'urn:bff:web-bff' }),
  ...serviceVariables(),
  ...watchVariables(),
  PART_TIMEOUT_MS: count(1000, 'After how many milliseconds an answer goes out without payment or shipment.'),
  EVENTS_HEARTBEAT_MS: count(15_000, 'Time between two signs of life on an event stream.'),
  EVENTS_STALL_MS: count(10_000, 'A reader of events who takes nothing for so long is cut off, and resumes.'),
  EVENTS_LIFE_MS: count(
    600_000,
    'After so long an event stream ends, and its client resumes with a credential that is checked again.',
  ),
  EVENTS_MAX_STREAMS: count(1000, 'Event streams that this process serves at the same time.'),
  EVENTS_MAX_STREAMS_PER_USER: count(10, 'Event streams that one user may have open at the same time here.'),
  ...answerVariables(),
  ...checkoutVariables(),
  ...admissionVariables(),
  ...sessionVariables(),
  ...stateVariables({ file: '.data/web-bff-state.db' }),
});

export type WebBffConfiguration = z.output<typeof configuration>;
