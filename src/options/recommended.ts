/** The options of `recommended`. Times are milliseconds. */
export interface Recommended {
  readonly firstContentMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
  readonly deadlineMs: number;
  readonly retries: number;
  readonly cooldown: { readonly failures: number; readonly ms: number };
}

/**
 * Timeouts, retries and cooldown for production: spread it into the options of an alloy, a cascade or a dispatcher, and
 * write what should differ behind it. Times are milliseconds: `firstContentMs: 120_000`, `idleMs: 180_000`,
 * `totalMs: 600_000`, `deadlineMs: 900_000`; `retries: 1`; `cooldown: { failures: 3, ms: 30_000 }`, which has no effect
 * in a dispatcher without a `fallback`.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, recommended } from 'ai-alloy';
 *
 * export const model = cascade({
 *   ...recommended,
 *   deadlineMs: 290_000, // the platform ends requests after five minutes
 *   steps: [openai('gpt-5'), openai('gpt-5-mini')],
 * });
 * ```
 */
// The reasons are in docs/timeouts-retries-cooldown.md.
export const recommended: Recommended = /* @__PURE__ */ Object.freeze({
  firstContentMs: 120_000,
  idleMs: 180_000,
  totalMs: 600_000,
  deadlineMs: 900_000,
  retries: 1,
  cooldown: /* @__PURE__ */ Object.freeze({ failures: 3, ms: 30_000 }),
});
