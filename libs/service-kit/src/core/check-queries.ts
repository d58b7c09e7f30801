import type { ListQuery, WatchQuery } from '@bff/contracts';
import { FaultList } from '../validation/fault-list.ts';

const defaultPageSize = 20;
const maxPageSize = 100;
/** A list by order ids is a bulk read: it is answered whole, without paging, unless the caller wants pages. */
const maxOrderIds = 500;

/** The size of the page to read. Throws `invalid_argument` with every fault of the query. */
export function checkListQuery({ pageSize, orderIds }: ListQuery<string>): number {
  const faults = new FaultList();
  if (pageSize !== undefined) faults.wholeNumber('pageSize', pageSize, { min: 0 });
  checkOrderIds(faults, orderIds);
  faults.throwIfAny('The list cannot be read as asked.');
  const max = orderIds ? maxOrderIds : maxPageSize;
  return Math.min(pageSize ?? (orderIds ? maxOrderIds : defaultPageSize), max) || defaultPageSize;
}

/** Throws `invalid_argument` with every fault of the query. */
export function checkWatchQuery({ sinceRevision, orderIds }: WatchQuery): void {
  const faults = new FaultList();
  faults.wholeNumber('sinceRevision', sinceRevision, { min: 0 });
  checkOrderIds(faults, orderIds);
  faults.throwIfAny('The changes cannot be watched as asked.');
}

function checkOrderIds(faults: FaultList, orderIds: readonly string[] | undefined): void {
  if (orderIds && orderIds.length > maxOrderIds) {
    faults.add('orderIds', `must have at most ${String(maxOrderIds)} entries`);
  }
}
