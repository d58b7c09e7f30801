/**
 * Just enough of the protobuf wire format (https://protobuf.dev/programming-guides/encoding/) to read the few
 * fields of an error: field number → values, numbers for varints and bytes for everything with a length.
 */
export type WireFields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** Throws a RangeError for bytes that are no message. */
export function readFields(bytes: Uint8Array): WireFields {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const skip = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('The message ends too early.');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; factor < 2 ** 64; factor *= 128) {
      const byte = skip(1)[0] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new RangeError('A number is too long.');
  };
  const valueOf = (wireType: number): number | Uint8Array => {
    if (wireType === 0) return varint();
    if (wireType === 1) return skip(8);
    if (wireType === 2) return skip(varint());
    if (wireType === 5) return skip(4);
    throw new RangeError(`Unknown wire type ${wireType}.`);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const values = fields.get(number) ?? [];
    values.push(valueOf(tag % 8));
    fields.set(number, values);
  }
  return fields;
}

export function readText(fields: WireFields, number: number): string | undefined {
  const value = fields.get(number)?.at(-1);
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}

export function readNumber(fields: WireFields, number: number): number | undefined {
  const value = fields.get(number)?.at(-1);
  return typeof value === 'number' ? value : undefined;
}
