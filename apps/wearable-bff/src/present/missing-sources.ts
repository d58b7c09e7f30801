import type { OrderParts } from '@bff/aggregation';
import { Source } from '../generated/wearable/v1/wearable_service.ts';

/** The sources that a glance is without. */
export function missingSources({ payment, shipment }: OrderParts): Source[] {
  const missing: Source[] = [];
  if (!payment.ok) missing.push(Source.SOURCE_PAYMENT);
  if (!shipment.ok) missing.push(Source.SOURCE_SHIPMENT);
  return missing;
}
