import type { Decision } from '../decision.ts';
import type { GatewayConfig, RuleConfig } from '../gateway/index.ts';
import { conditionsOf } from './conditions.ts';
import { dispatcherOf, ruleOf } from './declared.ts';
import { decisionsOnTheWay, isRefused } from './destination.ts';
import { writtenRule } from './graph/written-graph.ts';
import { showMetadata } from './request/metadata.ts';

/** What the reasons are made from: the file's declarations and the request. */
export interface Said {
  readonly config: GatewayConfig;
  /** The metadata of the request. */
  readonly metadata: Metadata;
  /** Whether the request continues a conversation that already has answers. */
  readonly hasAnswers: boolean;
  /** Shows `${NAME}` instead of the variable's value. */
  textOf(value: string): string;
}

/**
 * Reasons other than size: the rules that did not match and why, and whether the conversation will stay on its
 * target.
 */
export function reasonsOf(decision: Decision, said: Said): string[] {
  return decisionsOnTheWay(decision).flatMap((each, depth) => {
    const inside = depth === 0 ? '' : `In ${each.id}: `;
    return [...unmatchedRules(each, said), ...laterTurns(each, said)].map((text) => inside + text);
  });
}

function unmatchedRules(decision: Decision, said: Said): string[] {
  const { config, textOf } = said;
  return (decision.unmatched ?? []).map(({ rule: name, because }) => {
    const rule = ruleOf(config, decision, name);
    const conditions = rule ? ` (${conditionsOf(writtenRule(rule, textOf))})` : '';
    return `Rule ${name}${conditions} does not match: ${(rule && inWords(rule, because, said)) ?? because}.`;
  });
}

type Metadata = Readonly<Record<string, unknown>>;

/** In words, why a condition is not met. */
function inWords({ when = {} }: RuleConfig, because: string, { metadata, textOf }: Said): string | undefined {
  switch (because) {
    case 'maxInputTokens':
      return 'more input than that';
    case 'minInputTokens':
      return 'less input than that';
    case 'hasTools':
    case 'hasImages':
    case 'hasFiles': {
      const what = because.slice(3).toLowerCase();
      return when[because] ? `no ${what}` : `there are ${what}`;
    }
    case 'responseFormat':
      return `the response format is ${when.responseFormat === 'json' ? 'text' : 'json'}`;
    case 'metadata':
      return saidOf(when.metadata ?? {}, metadata);
    case 'text':
      return 'the last user message does not contain it';
    case 'between':
      return when.between && `it is ${timeIn(when.between.timeZone)} ${textOf(when.between.timeZone)}`;
    case 'excluded':
      return 'the call leaves its target out';
    case 'fitsTarget':
      return "its target can't take the request";
    default:
      return undefined;
  }
}

/** The current time in a time zone. */
const timeIn = (timeZone: string): string =>
  new Date().toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });

/** The first metadata value of the request that differs from the rule's, as one would type it. */
function saidOf(asked: Metadata, metadata: Metadata): string | undefined {
  const different = Object.entries(asked).find(
    ([name, value]) => ![value].flat().includes(Object.hasOwn(metadata, name) ? metadata[name] : undefined),
  );
  if (!different) return undefined;
  const [name] = different;
  return Object.hasOwn(metadata, name) ? `${name} is ${showMetadata(metadata[name])}` : `no ${name}`;
}

/** What `reevaluate` makes of the conversation, where it is not `per-turn`. */
function laterTurns(decision: Decision, { config, hasAnswers, textOf }: Said): string[] {
  const { reevaluate, escalations = 1, assumeSessionMaxTokens } = dispatcherOf(config, decision) ?? {};
  if (decision.reason === 'rule') return [];
  switch (reevaluate) {
    case 'worst-case':
      return [`Counted as no less than ${assumeSessionMaxTokens} input tokens: the worst case.`];
    case 'sticky':
    case 'sticky-escalate': {
      const isLater = /^(sticky|escalated)$/.test(decision.reason);
      if (!isLater && isRefused(decision)) return [];
      const unknown = `These messages contain no valid pick of "${textOf(decision.id)}": as on a first turn,`;
      const turn = isLater ? 'A later turn:' : hasAnswers ? unknown : 'A first turn:';
      const most = escalations === 1 ? 'once' : `${escalations} times`;
      const then = reevaluate === 'sticky' ? 'is refused' : `may go on to a larger one, ${most} at most`;
      return [`${turn} the conversation keeps its target; when it has outgrown that, it ${then}.`];
    }
    default:
      return [];
  }
}
