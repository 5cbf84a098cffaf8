import { decisionOf, type Attempt, type Decision } from '../../../src/index.ts';
import { isPrefix, isWhole, named, ownersOf, type Violations } from './answers.ts';
import { isBranch, optionsOf, type Branch } from './compositions.ts';
import type { Seen } from './consumers.ts';
import type { Played } from './scripted-model.ts';

/** The decisions of a call, by primitive. */
export type Heard = ReadonlyMap<string, readonly Decision[]>;

/** Whether the outermost primitive's decision is about what was seen. */
export function violationsInDecision(
  seen: Seen,
  played: readonly Played[],
  branch: Branch,
  heard: readonly Decision[],
): Violations {
  const [decision] = heard;
  if (!decision || heard.length > 1) return [`onDecision is heard once, not ${heard.length} times`];
  const { attempts = [], order = [], answeredBy, omitted } = decision;
  const owners = ownersOf(seen, played);
  const carrier = seen.parts.find(({ type }) => type === 'finish') ?? seen.error;
  const known = carrier == null || typeof carrier === 'string' ? decision : decisionOf(carrier);
  const isAnswerers = ({ member }: Played): boolean =>
    answeredBy !== undefined && `${member}.`.startsWith(`${answeredBy}.`);
  const tried = [...new Set(attempts.map(({ id }) => id))];
  return named({
    'R-38: the same decision on what was seen': known !== decision && seen.abortedAt === undefined,
    'R-38: whose whole answer came is in answeredBy': isWhole(seen) && !owners.some(isAnswerers),
    'R-38: answeredBy names nobody who failed':
      answeredBy !== undefined && seen.end !== 'left' && !isWhole(seen),
    'R-38: answeredBy names a member that answered':
      answeredBy !== undefined && !played.some((each) => isAnswerers(each) && each.isWhole),
    'R-38: only the last attempt answered': attempts.some(
      ({ id, outcome }, index) =>
        (outcome === 'answered') !== (index === attempts.length - 1 && id === answeredBy),
    ),
    'R-38: nothing is tried after an abort': attempts
      .slice(0, -1)
      .some(({ outcome }) => outcome === 'aborted'),
    'nothing is tried after deadlineMs': attempts.slice(0, -1).some((each) => isOver(each, branch)),
    'R-38: aborted by nobody':
      attempts.at(-1)?.outcome === 'aborted' && seen.abortedAt === undefined && seen.end !== 'left',
    'R-20: attempts are in order': !omitted && !isPrefix(tried, order),
    'one member only without fallback': !branch.fallback && tried.length > 1,
    'R-22: all are tried before a failure is passed on': !omitted && gaveUpEarly(seen, decision, branch),
    'as many attempts as calls':
      !omitted && attempts.some(({ id }) => !isCalled(id, decision, branch, played)),
    'an attempt is over within totalMs': seen.consumer.readMs === 0 && isLate(decision, branch),
  });
}

const leadsOn = /^(timeout|rate-limit|quota|server-error|network|malformed-response)$/;

/** Whether the call was refused after a failure that leads on, while there were members that were not tried. */
function gaveUpEarly(
  { end, abortedAt }: Seen,
  { attempts = [], order = [] }: Decision,
  { fallback, options }: Branch,
): boolean {
  const last = attempts.at(-1);
  const tried = new Set(attempts.map(({ id }) => id)).size;
  const { deadlineMs = Infinity } = options;
  const tookMs = attempts.reduce((sum, { durationMs = 0, waitedMs = 0 }) => sum + durationMs + waitedMs, 0);
  // Another deadline may have passed in the same millisecond.
  const isOver = tookMs >= deadlineMs || attempts.some(({ deadline }) => deadline === 'deadlineMs');
  const mayGoOn = fallback && !isOver && abortedAt === undefined && tried < order.length;
  return end === 'refused' && mayGoOn && leadsOn.test(last?.failure ?? 'aborted');
}

/** Whether a member was called as often as its attempts say; the last may have been given up before its call. */
function isCalled(
  id: string,
  { attempts = [] }: Decision,
  branch: Branch,
  played: readonly Played[],
): boolean {
  const node = branch.members[Number(id.split('.').at(-1))]!;
  if (isBranch(node.what)) return true;
  const own = attempts.filter((attempt) => attempt.id === id);
  const calls = played.filter(({ member }) => member === id).length;
  return calls === own.length || (calls === own.length - 1 && own.at(-1)!.outcome !== 'answered');
}

/** Whether the call's own deadline passed in an attempt; in one on a nested primitive it may be that one's. */
const isOver = ({ id, deadline }: Attempt, { members }: Branch): boolean =>
  deadline === 'deadlineMs' && !isBranch(members[Number(id.split('.').at(-1))]!.what);

function isLate({ attempts = [] }: Decision, branch: Branch): boolean {
  return attempts.some(({ id, durationMs = 0 }) => {
    const { totalMs = Infinity } = optionsOf(branch, branch.members[Number(id.split('.').at(-1))]!);
    return durationMs > totalMs + 1;
  });
}

/** Whether a member was called more often than its retries allow. Primitives in between call none twice. */
export function violationsInCalls(branch: Branch, played: readonly Played[], id = 'r'): Violations {
  return branch.members.flatMap((node, index) => {
    const path = `${id}.${index}`;
    if (isBranch(node.what)) return violationsInCalls(node.what, played, path);
    const calls = played.filter(({ member }) => member === path).length;
    const { retries = 0 } = optionsOf(branch, node);
    return calls > retries + 1 ? [`${path} is called ${calls} times with ${retries} retries`] : [];
  });
}

/** Whether a nested primitive's decisions are as many as the calls on it, by what its holder says. */
export function violationsInNested(branch: Branch, heard: Heard, id = 'r'): Violations {
  const decisions = heard.get(id) ?? [];
  return branch.members.flatMap(({ what }, index) => {
    if (!isBranch(what)) return [];
    const path = `${id}.${index}`;
    const own = heard.get(path)?.length ?? 0;
    const attempts = decisions.flatMap((each) => each.attempts ?? []).filter((each) => each.id === path);
    // A call that is given up before it reaches the primitive is an attempt nevertheless.
    const made = attempts.filter(({ outcome, decision }) => outcome === 'answered' || decision).length;
    const isCut = decisions.some(({ omitted }) => omitted);
    const wrong = !isCut && (own > attempts.length || own < made);
    const said = `R-38: ${path} decided ${own} times in ${made} to ${attempts.length} calls`;
    return [...(wrong ? [said] : []), ...violationsInNested(what, heard, path)];
  });
}
