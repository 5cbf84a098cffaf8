import type { Candidate, Decision } from '../decision.ts';
import { lacksIn, namesOf } from '../errors/errors.ts';
import type { GatewayConfig } from '../gateway/index.ts';
import { isAsDeclared } from '../gateway/parts.ts';
import { dispatcherOf, isModel, modelName, ruleOf } from './declared.ts';

/** What was refused, and the simplest remedy. */
export interface Refusal {
  readonly destination: string;
  readonly remedy: string;
}

/** An option in the spelling of the file. */
type Spell = (option: string) => string;

/** Why a request is refused. */
export function refusalOf(decision: Decision, config: GatewayConfig, spell: Spell): Refusal {
  const { kind, id, reason, candidates } = decision;
  if (isUnserved(decision)) {
    return candidates.some(({ skipped }) => skipped === 'excluded')
      ? {
          destination: 'Refused: no rule leads to a member that the call may use.',
          remedy: 'Leave out fewer members (--only, --except).',
        }
      : {
          destination: 'Refused: no rule matches, and there are no targets.',
          remedy: 'Add targets, or a last rule without conditions.',
        };
  }
  const lacks = lackedWhereRefused(decision, config);
  if (lacks) return unsupported(decision, config, namesOf(lacks), spell);
  if (reason === 'rule') {
    const missing = shortfall([ruleTarget(decision, config)], spell);
    return {
      destination: `Refused: the target of rule ${JSON.stringify(decision.rule)} can't hold the request.`,
      remedy: `${missing}, or set ${spell('fitsTarget')}: the rule then matches only what its target can hold.`,
    };
  }
  if (reason === 'sticky' && kind === 'dispatcher') {
    const isFixed = dispatcherOf(config, decision)?.reevaluate === 'sticky';
    const larger = isFixed
      ? 'let it go on to a larger target: reevaluate: sticky_escalate'
      : outgrownRemedy(decision);
    return {
      destination: "Refused: the target that the conversation is kept to can't hold the request.",
      remedy: `Begin a new conversation, or ${larger}.`,
    };
  }
  if (kind === 'alloy') {
    const [tightest] = candidates
      .filter(({ fits, skipped }) => !fits && !isOut(skipped))
      .toSorted((a, b) => missingIn(b) - missingIn(a));
    return {
      destination: `Refused: ${kind} "${id}" takes only what all of its constituents can hold.`,
      remedy: `${shortfall([tightest!], spell)}, or use larger constituents.`,
    };
  }
  const isOfModel = isModel(config, decision);
  const hasRulesOnly = kind === 'dispatcher' && !dispatcherOf(config, decision)?.targets?.length;
  const tooSmall = candidates.filter(({ skipped }) => skipped === 'too-large');
  const wayOut = isOfModel ? 'use a larger model' : hasRulesOnly ? 'add a rule for it' : 'add a larger model';
  return {
    destination: isOfModel
      ? `Refused: model "${id}" can't hold the request.`
      : `Refused: nothing in ${kind} "${id}" can hold the request.`,
    remedy: `${shortfall(tooSmall, spell)}, or ${wayOut}.`,
  };
}

/** What is missing, where a shorter request would be refused as well; else undefined. */
function lackedWhereRefused(decision: Decision, config: GatewayConfig): Candidate['lacks'] {
  const { kind, reason, order, candidates } = decision;
  const asked = reason === 'rule' ? [ruleTarget(decision, config)] : candidates;
  const isSkipped = (why: Candidate['skipped']): boolean => asked.some(({ skipped }) => skipped === why);
  const isMissing = isSkipped('unsupported') && !order && (kind === 'alloy' || !isSkipped('too-large'));
  return isMissing ? lacksIn({ ...decision, candidates: asked }) : undefined;
}

function unsupported(decision: Decision, config: GatewayConfig, names: string, spell: Spell): Refusal {
  const [who, remedy] = lackingIn(decision, config, spell);
  return {
    destination: `Refused: the request carries ${names}, and ${who} that.`,
    remedy: `${remedy}, or correct its supports option.`,
  };
}

/** Who does not support what the request carries, and what to do about it. */
function lackingIn(
  decision: Decision,
  config: GatewayConfig,
  spell: Spell,
): readonly [who: string, remedy: string] {
  const { kind, id, reason } = decision;
  if (reason === 'rule')
    return [
      `the target of rule ${JSON.stringify(decision.rule)} does not support`,
      `Set ${spell('fitsTarget')}: the rule then matches only what its target supports`,
    ];
  if (reason === 'sticky')
    return ['the target that the conversation is kept to does not support', 'Begin a new conversation'];
  if (isModel(config, decision)) return [`model "${id}" does not support`, 'Use a model that does'];
  return kind === 'alloy'
    ? [`not every constituent of alloy "${id}" supports`, 'Use constituents that do']
    : [`no member of ${kind} "${id}" supports`, 'Add a model that does'];
}

function outgrownRemedy({ outgrown }: Decision): string {
  if (!outgrown) return 'add a larger target';
  const { escalations, limit, wouldFit } = outgrown;
  return `set escalations: ${limit + 1}: it has gone on to a larger target ${escalations} of ${limit} times, and ${wouldFit} would hold it`;
}

/**
 * The target of the rule that matched: either one of `targets`, or one that only the rule names, after them in the
 * list.
 */
function ruleTarget(decision: Decision, config: GatewayConfig): Candidate {
  const { targets = [] } = dispatcherOf(config, decision)!;
  const { candidates, rule } = decision;
  const { target } = ruleOf(config, decision, rule)!;
  const own = candidates.slice(targets.length).find(({ skipped }) => !isOut(skipped));
  const named = targets.findIndex((each) => isAsDeclared(each) && modelName(each) === modelName(target));
  return own ?? candidates[named]!;
}

/** Whether a member is out of the question, whatever its size. */
const isOut = (skipped: Candidate['skipped']): boolean => skipped === 'not-chosen' || skipped === 'excluded';

/** Whether only rules lead to the members, and none matched. */
export const isUnserved = ({ candidates }: Decision): boolean =>
  candidates.every(({ skipped }) => isOut(skipped));

/** By how many tokens the nearest candidate is too small, and what to do about it. */
function shortfall(candidates: readonly Candidate[], spell: Spell): string {
  const [nearest] = candidates.toSorted((a, b) => missingIn(a) - missingIn(b));
  const isAssumed = nearest?.demand.basis === 'assumed';
  const input = isAssumed ? `Lower ${spell('assumeSessionMaxTokens')}` : 'Shorten the request';
  const remedy = `${input}, ask for less output (maxOutputTokens)`;
  const missing = nearest ? missingIn(nearest) : Infinity;
  if (!nearest || missing === Infinity) return remedy;
  const least = nearest.demand.atLeast ? 'at least ' : '';
  return `${nearest.id} is too small by ${least}${missing.toLocaleString('en-US')} tokens. ${remedy}`;
}

/** How many tokens a request is too large for a member; Infinity if its numbers don't say why it doesn't fit. */
export function missingIn({
  ceiling,
  maxInputTokens,
  maxOutputTokens,
  demand: { input, output },
}: Candidate): number {
  const most = Math.max(
    input + output - (ceiling ?? Infinity),
    input - (maxInputTokens ?? Infinity),
    output - (maxOutputTokens ?? Infinity),
  );
  return most > 0 ? most : Infinity;
}
