/** An amount in US dollars with at least two digits that say something: `$1.23`, `$0.0042`. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0';
  if (amount >= 1) return `$${amount.toFixed(2)}`;
  // toPrecision writes very small amounts with an exponent.
  const digits = Math.min(12, Math.ceil(-Math.log10(amount)) + 1);
  return `$${amount.toFixed(digits).replace(/(\.\d{2,}?)0+$/, '$1')}`;
}
