/** The text that a value in a call is sent as. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return ''; // circular, or a BigInt: no provider can send it either
  }
}
