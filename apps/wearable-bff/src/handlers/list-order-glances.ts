import type { ListOrderOverviews, SourceOutcome } from '@bff/aggregation';
import type { Call } from '@bff/core';
import { inOwnFieldNames, invalidField } from '../errors.ts';
import type {
  ListOrderGlancesRequest,
  ListOrderGlancesResponse,
} from '../generated/wearable/v1/wearable_service.ts';
import { presentGlance } from '../present/order-glance.ts';
import { partsOfView } from './parts-of-view.ts';

const defaultPageSize = 20;
const maxPageSize = 100;

/** `ListOrderGlances`: a page of the caller's own orders (https://google.aip.dev/158). */
export function createListOrderGlances(
  listOverviews: ListOrderOverviews,
): Call<ListOrderGlancesRequest, ListOrderGlancesResponse> {
  return async ({ pageSize, pageToken, view }, context) => {
    if (pageSize < 0) throw invalidField('page_size', 'must not be negative');
    const query = {
      pageSize: Math.min(pageSize || defaultPageSize, maxPageSize),
      pageToken: pageToken || undefined,
      include: partsOfView(view),
    };
    const page = await listOverviews(query, context).catch((thrown: unknown) => {
      throw inOwnFieldNames(thrown);
    });
    return {
      glances: page.items.map(presentGlance),
      nextPageToken: page.nextPageToken ?? '',
      unreachable: unreachableCollections(page.sources),
    };
  };
}

/** What the optional sources are called in public: AIP-217 names collections, not whoever keeps them. */
const collections: Readonly<Record<string, string>> = { payment: 'payments', shipment: 'shipments' };

/** `skipped` is no fault: a page without orders has nothing to look up. */
const reached: readonly SourceOutcome['status'][] = ['ok', 'stale', 'skipped'];

function unreachableCollections(sources: readonly SourceOutcome[]): string[] {
  return sources.flatMap(({ source, status }) =>
    reached.includes(status) ? [] : (collections[source] ?? []),
  );
}
