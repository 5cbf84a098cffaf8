import {
  assertKnownOptions,
  check,
  foundInstead,
  foundName,
  InvalidConfigurationError,
} from '../errors/errors.ts';
import { attemptsOf, type AttemptOptions } from '../faults/attempt-options.ts';
import type { ModelReference } from '../sdk/model.ts';
import { nativeVersion } from '../sdk/native.ts';
import { checkOptions, reporting, type Report } from '../options/check-options.ts';
import type { OptionTable } from '../options/kinds.ts';
import { member as memberOptions } from '../options/member.ts';
import { at, type Place } from '../errors/place.ts';
import { isSized, parseLimits, type Inherited, type SizeOptions } from '../tokens/fit.ts';
import { knownNoModel, whyNoModel } from '../sdk/no-model.ts';
import type { Provided } from '../sdk/provided.ts';
import type { Price } from '../price.ts';
import { routerOf } from './copies.ts';
import { createMember, labelOf } from './create-member.ts';
import { assertNoSetting, prepareOf, type MemberSettings, type Transform } from './prepare.ts';
import { lacksOf, type Supports } from './supports.ts';
import { primitiveIn, type Member } from './router.ts';

/** A member of a primitive: a model, and its sizes as far as they are known. */
export interface MemberOptions extends SizeOptions, AttemptOptions {
  /** A model, a string id (from ai 5), or another primitive. */
  readonly model: ModelReference;
  /** Names the member in decisions and errors. @default `provider/modelId`, then `#2`, `#3` */
  readonly id?: string | undefined;
  /**
   * Whether the input tokens that the provider reported stand for the conversation so far, instead of an
   * estimate. @default the primitive's
   */
  readonly anchor?: boolean | undefined;
  /** What the model costs, in US dollars per million tokens: used for the costs in decisions, and by `order`. */
  readonly price?: Price | undefined;
  /**
   * Settings for calls of this member that leave them open: `temperature`, `providerOptions`, `headers` and the like,
   * merged as `defaultSettingsMiddleware` of the AI SDK does.
   */
  readonly settings?: MemberSettings | undefined;
  /**
   * Changes the calls of this member, after `settings`; also as a promise. Called once for each call, when it is
   * planned, with a copy of the call; tokens are counted of what it returns. An error in it is thrown by the call.
   */
  readonly transform?: Transform | undefined;
  /**
   * What the model lacks: a request that carries it passes the member over, as if it were too large. Each is true unless
   * said. @default everything
   */
  readonly supports?: Supports | undefined;
}

type WeightedOptions = MemberOptions & { readonly weight?: number };

/** The list of members that a primitive was given. */
export interface MemberList {
  /** The place of the list in the options. */
  readonly where: Place;
  readonly list: unknown;
  /** How many members the list needs at least. */
  readonly minimum: number;
  /** Member options that only this primitive has. */
  readonly ownOptions: OptionTable;
  /** The settings of members that have none of their own. */
  readonly inherited: Inherited;
  /** Members that are not in the list, and their places. */
  readonly others?: readonly MemberEntry[];
  readonly report: Report;
}

/** A member as it was passed. */
export interface MemberEntry {
  readonly place: Place;
  readonly entry: unknown;
}

/** Stands in a list for a member that can't be had, which is reported elsewhere: the others are checked all the same. */
export const unavailable: unique symbol = Symbol('unavailable');

/** Reads and checks a primitive's members; undefined where something is wrong with one. */
export function parseMembers({
  where,
  list,
  minimum,
  ownOptions,
  inherited,
  others = [],
  report,
}: MemberList): (Member | undefined)[] {
  if (!Array.isArray(list) || list.length < minimum) {
    const remedy = `pass a list of ${minimum} or more models`;
    report(new InvalidConfigurationError({ option: where, value: foundInstead(list), remedy }));
    return [];
  }
  const table = { ...memberOptions, ...ownOptions };
  const names = Object.keys(table);
  const taken = new Set<string>();
  const entries = [...list.map((entry: unknown, index) => ({ place: at(where, index), entry })), ...others];
  const options = entries.map(({ place, entry }) => {
    if (entry === unavailable) return undefined;
    return reporting(report, () => {
      const member = asMember(entry);
      assertNoSetting(place, member, table);
      assertKnownOptions(place, member, names);
      const { id, model } = member;
      assertModel(at(place, 'model'), model);
      let isValid = true;
      checkOptions(place, member, table, (error) => {
        isValid = false;
        report(error);
      });
      if (id === undefined || !isValid) return isValid ? member : undefined;
      check(!taken.has(id), at(place, 'id'), foundName(id), 'another member has that id: rename one');
      taken.add(id);
      return member;
    });
  });
  return options.map((each, index) => {
    if (!each) return undefined;
    const name = labelOf(each.model);
    // Members are identified by position: equal default ids are numbered, and only equal explicit ids are an error.
    let id = each.id ?? name;
    for (let number = 2; each.id === undefined && taken.has(id); number++) id = `${name}#${number}`;
    taken.add(id);
    const { place } = entries[index]!;
    return reporting(report, () => {
      const limits = parseLimits(place, each, inherited, modelNameOf(each.model));
      const nested = routerOf(each.model);
      if (nested && !isSized(limits)) assertCountsNothing(place, each);
      const own = attemptsOf(each);
      check(
        !primitiveIn({ router: nested }) || !own.retries,
        at(place, 'retries'),
        own.retries,
        'a primitive retries by its own: set it there',
      );
      const prepare = prepareOf(place, each, limits.declared.maxOutputTokens);
      const lacks = lacksOf(each.supports);
      const transforms = each.transform !== undefined;
      return createMember(place, each, { id, limits, price: each.price, prepare, transforms, lacks, ...own });
    });
  });
}

/** A member as an object, also if it was passed as a model; not checked. */
export function asMember(entry: unknown): WeightedOptions {
  const isBare =
    typeof entry !== 'object' ||
    entry === null ||
    'doGenerate' in entry ||
    (!('model' in entry) && knownNoModel(entry) !== undefined);
  return (isBare ? { model: entry } : entry) as WeightedOptions;
}

/**
 * Rejects counting options on a nested primitive, which counts by its own: they have an effect only if a size is
 * declared on the member as well.
 */
function assertCountsNothing(place: Place, options: WeightedOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const remedy =
      'a primitive counts by its own options: set it there, or declare a contextWindow here as well';
    check(value === undefined || !countingOptions.has(name), at(place, name), value, remedy);
  }
}

const countingOptions = new Set(['estimator', 'vendor', 'mediaTokens', 'anchor', 'defaultOutputTokens']);

function assertModel(option: Place, model: unknown): void {
  if (typeof model !== 'string') {
    const no = whyNoModel(model);
    return check(!no, option, no?.found, no?.remedy ?? '');
  }
  check(
    model.trim() !== '' && nativeVersion() !== 'v1',
    option,
    foundName(model),
    'name a model; ai 4 takes model objects only',
  );
}

/**
 * The names that a model's vendor and provider package are recognised by; a primitive may have many, so it has none.
 */
function modelNameOf(reference: ModelReference): Provided {
  if (typeof reference === 'string') return { modelId: reference };
  return routerOf(reference) ? {} : reference;
}
