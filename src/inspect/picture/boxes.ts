import type { Attempt, Candidate, Decision } from '../../decision.ts';
import { inDollars } from '../../price.ts';
import type { Member, Router } from '../../routing/router.ts';
import type { GatewayConfig, RuleConfig } from '../../gateway/index.ts';
import { calledOf } from '../called.ts';
import { conditionsOf } from '../conditions.ts';
import { dispatcherOf, isModel, primitiveOf } from '../declared.ts';
import { isRefused } from '../destination.ts';
import { priceText, primitiveLines } from '../graph/lines.ts';
import { writtenRule } from '../graph/written-graph.ts';
import { missingIn } from '../refusal.ts';
import { verdictOf } from '../verdict.ts';
import { rulesLeadingTo } from './rules-leading-to.ts';

/**
 * What becomes of a model or primitive: it is called `first`; it is called `later`, if others fail; it is `skipped`; or
 * nothing is known, as of the members of what is skipped. With a real call: it `answered`, or `failed`.
 */
export type State = 'first' | 'later' | 'skipped' | 'unused' | 'answered' | 'failed';

/** One condition of a dispatcher's list, and whether it holds for the request. */
export interface RuleRow {
  readonly text: string;
  readonly matches: 'yes' | 'no' | 'not-asked';
}

/** A model or a primitive, with what the request means for it: a box of the picture, and a row of the table. */
export interface Box {
  readonly name: string;
  readonly kind: 'model' | Decision['kind'];
  /** What is declared: how a primitive chooses, its cooldown, what a model lacks, its price. */
  readonly lines: readonly string[];
  readonly rules: readonly RuleRow[];
  /** On the line from the primitive around it: the share of an alloy, the rules that lead here. */
  readonly edge: string;
  /** When it is called: `1`, `2, on failure`; empty if never. */
  readonly called: string;
  readonly state: State;
  readonly verdict: string;
  /** The tokens that the request needs of it, and its ceiling; null: any size. */
  readonly size?: {
    readonly need: number;
    readonly holds: number | null;
    readonly atLeast: boolean;
  };
  /** What the call costs at most, in US dollars, if a price is declared: its input, and the whole output budget. */
  readonly cost?: number;
  readonly members: readonly Box[];
}

/** What boxes are made from. */
export interface Shown {
  readonly config: GatewayConfig;
  textOf(value: string): string;
}

/** The boxes of a decision, as a tree. */
export function boxesOf(decision: Decision, router: Router, call: Decision | undefined, shown: Shown): Box {
  const members = membersOf(decision, router, call, shown, 'first');
  // A declared model is wrapped in a cascade of one step, which is not shown.
  if (isModel(shown.config, decision) && members.length === 1) return { ...members[0]!, edge: '' };
  return {
    ...primitiveBox(decision, shown),
    edge: '',
    called: '',
    state: endOf(call) ?? (isRefused(decision) ? 'skipped' : 'first'),
    verdict: '',
    members,
  };
}

const endOf = (call: Decision | undefined): State | undefined =>
  call && (call.answeredBy === undefined ? 'failed' : 'answered');

function membersOf(
  decision: Decision,
  router: Router,
  call: Decision | undefined,
  shown: Shown,
  around: State,
): Box[] {
  const isCalled = around === 'first' || around === 'later';
  const leading = rulesLeadingTo(dispatcherOf(shown.config, decision), router.members);
  return decision.candidates.map((candidate, index) => {
    const member = router.members[index]!;
    const called = isCalled ? calledOf(candidate, decision, shown.config) : '';
    const attempts = (call?.attempts ?? []).filter(({ id }) => id === candidate.id);
    const inner = candidate.decision;
    const innerRouter = member.resolved?.router;
    const planned = plannedOf(candidate, called, around);
    return {
      ...(inner ? primitiveBox(inner, shown) : modelBox(candidate, member)),
      edge: edgeOf(candidate, leading.get(index) ?? []),
      called,
      state: outcomeOf(attempts.at(-1)) ?? planned,
      verdict: wordsOf(candidate, attempts.at(-1)),
      members:
        inner && innerRouter ? membersOf(inner, innerRouter, attempts.at(-1)?.decision, shown, planned) : [],
    };
  });
}

type Declared = Pick<Box, 'name' | 'kind' | 'lines' | 'rules' | 'size' | 'cost'>;

function primitiveBox(decision: Decision, { config, textOf }: Shown): Declared {
  const declared = primitiveOf(config, decision);
  return {
    name: decision.id,
    kind: decision.kind,
    lines: declared ? primitiveLines(declared) : [decision.kind],
    rules: rulesOf(decision, dispatcherOf(config, decision)?.rules ?? [], textOf),
  };
}

function modelBox({ id, ceiling, fits, demand }: Candidate, { price, lacks }: Member): Declared {
  const { input, output, atLeast = false } = demand;
  return {
    name: id,
    kind: 'model',
    lines: [
      ...(lacks ? [lacks.map((what) => `no ${what}`).join(', ')] : []),
      ...(price ? [priceText(price)] : []),
    ],
    rules: [],
    size: { need: input + output, holds: ceiling, atLeast },
    ...(price && fits && { cost: inDollars(input * price.input + output * price.output) }),
  };
}

function rulesOf(
  { rule: matched, unmatched = [] }: Decision,
  rules: readonly RuleConfig[],
  textOf: (value: string) => string,
): RuleRow[] {
  return rules.map((rule, index) => {
    const name = rule.id ?? index;
    const isUnmatched = unmatched.some((each) => each.rule === name);
    return {
      text: `${rule.id === undefined ? '' : `${rule.id}: `}${conditionsOf(writtenRule(rule, textOf))}`,
      matches: matched === name ? 'yes' : isUnmatched ? 'no' : 'not-asked',
    };
  });
}

function edgeOf({ share, catchAll }: Candidate, rules: readonly string[]): string {
  return [
    ...(share === undefined ? [] : [`${Number((share * 100).toFixed(1))} %`]),
    ...(catchAll ? ['catch-all'] : []),
    ...rules.map((name) => `rule ${name}`),
  ].join(', ');
}

const outcomeOf = (attempt: Attempt | undefined): State | undefined =>
  attempt && (attempt.outcome === 'answered' ? 'answered' : 'failed');

/** What is planned for a member, before any call. */
function plannedOf(candidate: Candidate, called: string, around: State): State {
  if (around !== 'first' && around !== 'later') return 'unused';
  // The first of a primitive that is called later is called later, too.
  if (/^(1|drawn|in turn)$/.test(called)) return around;
  if (called !== '') return 'later';
  const isOut = candidate.skipped !== undefined && candidate.skipped !== 'not-chosen';
  return candidate.fits && !isOut ? 'unused' : 'skipped';
}

function wordsOf(candidate: Candidate, attempt: Attempt | undefined): string {
  if (attempt?.outcome === 'answered') return 'answered';
  if (attempt) {
    const code = attempt.statusCode === undefined ? '' : ` (${attempt.statusCode})`;
    return `failed: ${attempt.failure ?? attempt.outcome}${code}`;
  }
  const missing = missingIn(candidate);
  const words = verdictOf(candidate);
  if (words !== 'too large' || missing === Infinity) return words;
  return `too large by ${candidate.demand.atLeast ? 'at least ' : ''}${missing.toLocaleString('en-US')}`;
}
