/** A value in a call as the text that is sent: a string itself, anything else as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return ''; // circular, or a BigInt: no provider can send it either
  }
}
