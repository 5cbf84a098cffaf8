import { check, found } from '../errors.ts';
import type { SharedOptions } from './options.ts';
import type { Member, Planner } from './router.ts';

/** Throws for options that have no effect beside the others: whoever set them expects one. */
export function assertEffects(
  where: string,
  options: SharedOptions,
  planner: Pick<Planner, 'kind' | 'fallback'>,
  members: readonly Member[],
): void {
  const { cooldown, retries } = options;
  const needs = (name: keyof SharedOptions, isMet: boolean, what: string): void => {
    const value = options[name];
    const remedy = `it has no effect without ${what}: set that, or remove it`;
    check(value === undefined || isMet, `${where}: ${name}`, found(value), remedy);
  };
  const fallback = 'fallback: true';
  // What is counted towards a cooldown is what falls through, and an alloy passes over members that rest all the same.
  const rests = cooldown !== undefined && planner.kind === 'alloy';
  needs('fallThroughOn', planner.fallback || rests, fallback);
  needs('cooldown', planner.fallback || planner.kind === 'alloy', fallback);
  needs('maxRetryAfterMs', planner.fallback, fallback);
  const isRetried = members.some((member) => !isNested(member) && (member.retries ?? retries ?? 0) > 0);
  needs('maxRetryAfterMs', isRetried, 'retries, of members that are no primitives');
}

/** Whether a member is known to be a primitive; what a string id leads to isn't. */
const isNested = ({ resolved }: Member): boolean => resolved?.router !== undefined;
