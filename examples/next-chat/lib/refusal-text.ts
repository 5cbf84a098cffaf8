import type { PassedOver } from './badge.ts';

/** Why there is no answer, as the page gets it: the text of an error part, in JSON. */
export type Refusal =
  | { readonly kind: 'too-large'; readonly needs: number; readonly holds: number; readonly largest: string }
  | { readonly kind: 'all-failed'; readonly failed: readonly PassedOver[] }
  | { readonly kind: 'other'; readonly message: string };

/** What the page makes of the text of an error. */
export function parseRefusal(message: string): Refusal {
  try {
    const refusal = JSON.parse(message) as Refusal;
    if (typeof refusal.kind === 'string') return refusal;
  } catch {
    // The server could not be reached, or answered with a page.
  }
  return { kind: 'other', message: 'The server can’t be reached. Please try again.' };
}
