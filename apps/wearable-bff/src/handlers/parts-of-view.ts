import type { OrderInclude } from '@bff/aggregation';
import { invalidField } from '../errors.ts';
import { GlanceView } from '../generated/wearable/v1/wearable_service.ts';

const everything: OrderInclude = { payment: true, shipment: true };

/** Numbers beyond these reach us from newer or broken clients: proto3's enumerations are open. */
const partsOf: ReadonlyMap<number, OrderInclude> = new Map([
  [GlanceView.GLANCE_VIEW_UNSPECIFIED, everything],
  [GlanceView.GLANCE_VIEW_FULL, everything],
  [GlanceView.GLANCE_VIEW_DELIVERY, { payment: false, shipment: true }],
  [GlanceView.GLANCE_VIEW_ORDER, { payment: false, shipment: false }],
]);

/** What a view needs beside the order; nothing else is looked up. Throws `invalid_argument` for a view that does not exist. */
export function partsOfView(view: GlanceView): OrderInclude {
  const parts = partsOf.get(view);
  if (!parts) throw invalidField('view', 'must be a GlanceView');
  return parts;
}
