import { inVersion } from '../in-process.ts';

/** What this process has seen of a model. Times are milliseconds on its monotonic clock; 0: never. */
export interface Health {
  /** How many failures there were in a row. */
  failures: number;
  /** When the last failure was seen. */
  failedAt: number;
  /** Until when the model is on cooldown. */
  until: number;
  /**
   * Whether the next call, once the cooldown is over, is a probe: a single call that finds out whether the model
   * works.
   */
  isProbeDue: boolean;
  /** When it was reset: calls that began before say nothing about the model now. */
  resetAt: number;
}

const healths: WeakMap<object, Health> = /* @__PURE__ */ inVersion('healths', () => new WeakMap());

/** The health of a model object, shared by all members that use this object. */
export function healthOf(model: object | undefined): Health {
  const known = model && healths.get(model);
  if (known) return known;
  const health: Health = { failures: 0, failedAt: 0, until: 0, isProbeDue: false, resetAt: 0 };
  if (model) healths.set(model, health);
  return health;
}
