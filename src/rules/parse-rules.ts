import type { UnmatchedRule } from '../decision.ts';
import { assertKnownOptions, check, Found, foundInstead, foundName, isObject } from '../errors/errors.ts';
import { fieldOf } from '../faults/safe-read.ts';
import { checkOptions, reporting, type Report } from '../options/check-options.ts';
import { at, type Place } from '../errors/place.ts';
import { rule as ruleOptions, when as conditions } from '../options/rules.ts';
import { parseSize } from '../tokens/size.ts';
import { judgedBy, type Judge } from './judge.ts';
import type { RuleRequest } from './rule-request.ts';
import type { DispatcherRule, RuleConditions } from './rule.ts';
import { parseBetween } from './time-of-day.ts';

/** A rule whose options have been checked. */
export interface Rule {
  /** Its id, else its index. */
  readonly name: string | number;
  /** The index of its target among the members. */
  readonly target: number;
  readonly fitsTarget: boolean;
  /** The smallest and the largest input that it matches, in tokens. */
  readonly minInputTokens: number;
  readonly maxInputTokens: number;
  /** The first condition that is not met, sizes and the predicate apart. */
  unmetBy(request: RuleRequest): UnmatchedRule['because'] | undefined;
  readonly judge: Judge | undefined;
}

/** Reads and checks rules; `where` is their list, `targets` are the indices of their targets. */
export function parseRules(
  where: Place,
  rules: readonly DispatcherRule[],
  targets: readonly number[],
  report: Report,
): readonly Rule[] {
  const taken = new Set<string>();
  const parsed = rules.map((rule, index) =>
    reporting(report, () => {
      const place = at(where, index);
      assertKnownOptions(place, rule, Object.keys(ruleOptions));
      checkOptions(place, rule, ruleOptions);
      const { id, when = {}, whenMs = 5000, fitsTarget = false } = rule;
      const isPromise = typeof fieldOf(when, 'then') === 'function';
      const passFunction = 'pass the function itself, which is called with each request';
      check(!isPromise, at(place, 'when'), new Found('a promise'), passFunction);
      const predicate = typeof when === 'function' ? when : (when as RuleConditions | null)?.predicate;
      const isIdle = rule.whenMs !== undefined && predicate === undefined;
      check(!isIdle, at(place, 'whenMs'), whenMs, 'it has no effect without a predicate: remove it');
      const isTaken = id !== undefined && taken.has(id);
      check(!isTaken, at(place, 'id'), foundName(id ?? ''), 'another rule has that id: rename one');
      if (id !== undefined) taken.add(id);
      return {
        name: id ?? index,
        target: targets[index]!,
        fitsTarget,
        ...parseConditions(at(place, 'when'), typeof when === 'function' ? {} : when),
        judge: predicate && judgedBy(predicate, whenMs),
      };
    }),
  );
  return parsed.filter((rule) => rule !== undefined);
}

function parseConditions(
  where: Place,
  when: RuleConditions,
): Pick<Rule, 'minInputTokens' | 'maxInputTokens' | 'unmetBy'> {
  assertKnownOptions(where, when, Object.keys(conditions));
  checkOptions(where, when, conditions);
  const { maxInputTokens, minInputTokens, metadata, text, between, predicate: _, ...facts } = when;
  const most =
    maxInputTokens === undefined ? Infinity : parseSize(at(where, 'maxInputTokens'), maxInputTokens);
  const least = minInputTokens === undefined ? 0 : parseSize(at(where, 'minInputTokens'), minInputTokens);
  check(least <= most, at(where, 'minInputTokens'), minInputTokens, 'use no more than maxInputTokens');
  const expected = Object.entries(facts).filter(([, value]) => value !== undefined);
  const isText = text === undefined || (typeof text === 'string' && text !== '');
  check(isText, at(where, 'text'), text, 'use what the last user message has to contain');
  assertMetadata(at(where, 'metadata'), metadata);
  const isWithin = between && parseBetween(at(where, 'between'), between);
  return {
    minInputTokens: least,
    maxInputTokens: most,
    unmetBy(request) {
      const fact = expected.find(([name, value]) => request[name as keyof RuleRequest] !== value);
      if (fact) return fact[0] as keyof typeof facts;
      if (text !== undefined && !request.text.includes(text)) return 'text';
      if (metadata !== undefined && !says(request.metadata, metadata)) return 'metadata';
      return isWithin?.(new Date()) === false ? 'between' : undefined;
    },
  };
}

type Metadata = NonNullable<RuleConditions['metadata']>;

function assertMetadata(option: Place, metadata: Metadata | undefined): void {
  if (metadata === undefined) return;
  const isPlain = isObject(metadata) && !Array.isArray(metadata) && Object.keys(metadata).length > 0;
  check(
    isPlain,
    option,
    foundInstead(metadata),
    "pass an object, such as { tier: 'gold' } or { tier: ['gold', 'silver'] }",
  );
  for (const [name, value] of Object.entries(metadata)) {
    const remedy = 'with a call it names members to use or to leave out, so call the metadata something else';
    check(name !== 'only' && name !== 'except', at(option, name), value, remedy);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const valid = values.length > 0 && values.every((each) => /^(string|number|boolean)$/.test(typeof each));
    check(valid, at(option, name), value, 'use a string, a number, a boolean, or a list of some');
  }
}

/** Whether the request's metadata has the values that the rule asks for. */
function says(said: RuleRequest['metadata'], asked: Metadata): boolean {
  return Object.entries(asked).every(([name, value]) => {
    const own: unknown = Object.hasOwn(said, name) ? said[name] : undefined;
    return Array.isArray(value) ? value.includes(own) : own === value;
  });
}
