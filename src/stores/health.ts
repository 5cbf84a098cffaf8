import { inVersion } from '../in-process.ts';

/** What this process has seen of a model. Times are milliseconds of its monotonic clock; 0: never. */
export interface Health {
  /** In a row. */
  failures: number;
  /** When the last of them was seen. */
  failedAt: number;
  /** Until when the model is on cooldown. */
  until: number;
  /** Whether one call is to try the model alone when its cooldown is over. */
  isDue: boolean;
}

const healths: WeakMap<object, Health> = /* @__PURE__ */ inVersion('healths', () => new WeakMap());

/** The health of a model object, which all members that are this object share. */
export function healthOf(model: object | undefined): Health {
  const known = model && healths.get(model);
  if (known) return known;
  const health: Health = { failures: 0, failedAt: 0, until: 0, isDue: false };
  if (model) healths.set(model, health);
  return health;
}
