import type { NewOrder } from '@bff/contracts';
import { FaultList } from '@bff/service-kit';

const maxLines = 100;
const maxQuantity = 999;

/** Throws `invalid_argument` with every fault of the order. */
export function checkNewOrder({ lines, shippingAddress }: NewOrder): void {
  const faults = new FaultList();
  if (lines.length === 0) faults.add('lines', 'must have at least one entry');
  if (lines.length > maxLines) faults.add('lines', `must have at most ${maxLines} entries`);
  const currency = lines[0]?.unitPrice.currency;
  for (const [index, line] of lines.slice(0, maxLines).entries()) {
    const path = `lines[${index}]`;
    faults.text(`${path}.sku`, line.sku);
    faults.text(`${path}.name`, line.name);
    faults.wholeNumber(`${path}.quantity`, line.quantity, { min: 1, max: maxQuantity });
    faults.money(`${path}.unitPrice`, line.unitPrice);
    if (line.unitPrice.currency !== currency) {
      faults.add(`${path}.unitPrice.currency`, 'must be the same for all lines');
    }
  }
  faults.address('shippingAddress', shippingAddress);
  faults.throwIfAny('The order cannot be placed as it is.');
}
