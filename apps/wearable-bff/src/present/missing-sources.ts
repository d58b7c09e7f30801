import type { OrderParts, Part } from '@bff/aggregation';
import { Source } from '../generated/wearable/v1/wearable_service.ts';

/** The sources that a glance is without although it was asked for with them. */
export function missingSources({ payment, shipment }: OrderParts): Source[] {
  const missing: Source[] = [];
  if (isMissing(payment)) missing.push(Source.SOURCE_PAYMENT);
  if (isMissing(shipment)) missing.push(Source.SOURCE_SHIPMENT);
  return missing;
}

function isMissing(part: Part<unknown>): boolean {
  return !part.ok && part.code !== 'skipped';
}
