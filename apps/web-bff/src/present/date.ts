/** RFC 3339 in UTC; without milliseconds where they are zero, which is what nearly all dates here are. */
export function presentDate(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}
