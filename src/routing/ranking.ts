import type { Candidate } from '../decision.ts';
import { check, foundInstead } from '../errors/errors.ts';
import { reporting, type Report } from '../options/check-options.ts';
import { at, type Place } from '../errors/place.ts';
import { inDollars, type Price } from '../price.ts';
import type { Measures } from './measured.ts';
import type { Plan } from './plan.ts';
import type { Member, Planner } from './router.ts';

/** A member that can hold the call, as an `order` function sees it. */
export interface RankedCandidate extends Candidate, Partial<Measures> {
  /** The member's `price` option. */
  readonly price?: Price;
}

/**
 * Puts the candidates that can hold the call into the order in which to try them. A candidate that it leaves out is
 * not tried. An error that it throws is thrown by the call.
 *
 * @param candidates in declared order; measurements are undefined until there are any in this process
 * @returns some of them, or copies with their ids: at least one
 */
export type OrderFunction = (
  candidates: readonly RankedCandidate[],
) => readonly RankedCandidate[] | PromiseLike<readonly RankedCandidate[]>;

/** The orders that can be given by name. */
export type NamedOrder = 'cheapest-first' | 'fastest-first';

/** How a primitive ranks its members by its `order` option; undefined for orders that the primitive makes itself. */
export function rankingOf(
  where: Place,
  order: unknown,
  members: readonly Member[],
  eligible: number,
  report: Report,
): Pick<Planner, 'rank' | 'reason'> | undefined {
  const rankingBy = (reason: Planner['reason'], by: OrderFunction): Pick<Planner, 'rank' | 'reason'> => {
    return { reason, rank: (plan) => ranked(where, by, plan, members) };
  };
  if (typeof order === 'function') return rankingBy('custom-order', order as OrderFunction);
  if (order === 'fastest-first') return rankingBy(order, createFastestFirst(members));
  if (order === 'cheapest-first') {
    for (const { price, place } of members.slice(0, eligible)) {
      const remedy =
        "order 'cheapest-first' needs the price of each, of primitives as well: { input, output }, in US dollars per million tokens";
      reporting(report, () => check(price !== undefined, at(place, 'price'), undefined, remedy));
    }
    return rankingBy(order, cheapestFirst);
  }
  return undefined;
}

function ranked(
  where: Place,
  order: OrderFunction,
  { fitting, decision }: Plan,
  members: readonly Member[],
): readonly Member[] | Promise<readonly Member[]> {
  const candidates = fitting.map((member) =>
    candidateOf(member, decision.candidates[members.indexOf(member)]!),
  );
  const chosen = order(candidates);
  const membersOf = (list: readonly RankedCandidate[]): readonly Member[] => {
    check(Array.isArray(list), where, foundInstead(list), 'return a list of the candidates that it got');
    const found = list.map((each) =>
      fitting.find(({ id }) => id === (Object(each) as Partial<Candidate>).id),
    );
    const isOfThem = !found.includes(undefined) && new Set(found).size === list.length;
    const remedy = 'return some of the candidates that it got, each once';
    check(isOfThem && list.length > 0, where, foundInstead(list), remedy);
    return found as readonly Member[];
  };
  const isPromise = typeof (Object(chosen) as Partial<PromiseLike<unknown>>).then === 'function';
  return isPromise
    ? Promise.resolve(chosen).then(membersOf)
    : membersOf(chosen as readonly RankedCandidate[]);
}

function candidateOf({ price, measured }: Member, candidate: Candidate): RankedCandidate {
  const { timeToFirstContentMs, outputTokensPerSecond } = measured;
  return {
    ...candidate,
    ...(price && { price }),
    ...(timeToFirstContentMs !== undefined && { timeToFirstContentMs }),
    ...(outputTokensPerSecond !== undefined && { outputTokensPerSecond }),
  };
}

/** By what the call would cost: its input, and the output reserved for it. */
const cheapestFirst: OrderFunction = (candidates) => sorted(candidates, priceOf);

/** Sorts by rank, equal candidates in declared order; catch-alls of a dispatcher come last in every named order. */
function sorted(
  candidates: readonly RankedCandidate[],
  rank: (candidate: RankedCandidate) => number,
): RankedCandidate[] {
  const placeOf = ({ catchAll }: RankedCandidate): number => Number(catchAll === true);
  return candidates.toSorted((a, b) => placeOf(a) - placeOf(b) || rank(a) - rank(b));
}

function priceOf({ price, demand }: RankedCandidate): number {
  return price ? inDollars(demand.input * price.input + demand.output * price.output) : Number.MAX_VALUE;
}

/** The output tokens of a typical answer, to compare speeds by. */
const typicalOutputTokens = 300;
/**
 * By how long a typical answer takes. A member without measurements comes first while it has had few of the calls (its
 * second trial comes after 4 calls, its third after 16, its fourth after 36, in case nothing can be measured);
 * otherwise it comes last.
 */
function createFastestFirst(members: readonly Member[]): OrderFunction {
  const measured = new Map(members.map((member) => [member.id, member.measured]));
  return (candidates) => {
    const tries = candidates.reduce((sum, { id }) => sum + measured.get(id)!.tries, 0);
    return sorted(candidates, (candidate) => {
      const { unknownTries } = measured.get(candidate.id)!;
      return (
        msOf(candidate) ?? (4 * unknownTries ** 2 <= tries ? unknownTries - tries - 1 : Number.MAX_VALUE)
      );
    });
  };
}

function msOf({ timeToFirstContentMs, outputTokensPerSecond }: RankedCandidate): number | undefined {
  if (timeToFirstContentMs === undefined && outputTokensPerSecond === undefined) return undefined;
  const ms = outputTokensPerSecond ? (1000 * typicalOutputTokens) / outputTokensPerSecond : 0;
  return (timeToFirstContentMs ?? 0) + ms;
}
