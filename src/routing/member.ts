import {
  assertKnownOptions,
  check,
  foundInstead,
  foundName,
  InvalidConfigurationError,
} from '../errors/errors.ts';
import { attemptsOf, type AttemptOptions, type AttemptSettings } from '../faults/attempt-options.ts';
import { learnedCeiling } from '../faults/learned-ceiling.ts';
import { fitCheckOf } from '../fit-check.ts';
import type { ModelReference } from '../sdk/model.ts';
import { assertSupported, nativeVersion, resolveStringId, toNative, wrapModel } from '../sdk/native.ts';
import { checkOptions, reporting, type Report } from '../options/check-options.ts';
import type { OptionTable } from '../options/kinds.ts';
import { member as memberOptions } from '../options/member.ts';
import { at, type Place } from '../errors/place.ts';
import { isSized, parseLimits, type Inherited, type SizeOptions } from '../tokens/fit.ts';
import { knownNoModel, whyNoModel } from '../sdk/no-model.ts';
import { endingsOf } from '../sdk/ending.ts';
import type { Provided } from '../sdk/provided.ts';
import { toolIdRuleOf } from '../sdk/tool-id-rule.ts';
import { withToolIds } from '../sdk/tool-ids.ts';
import type { Price } from '../price.ts';
import { assertSameVersion, isStandIn, routerOf } from './copies.ts';
import { Measured } from './measured.ts';
import { assertNoSetting, prepareOf, type MemberSettings, type Transform } from './prepare.ts';
import { lacksOf, type Supports } from './supports.ts';
import { pathTo, primitiveIn, type Member, type Resolved } from './router.ts';

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

/** The default name of a model, for a member without an id. */
export function labelOf(reference: ModelReference): string {
  if (typeof reference === 'string') return reference;
  return routerOf(reference)?.id ?? `${reference.provider}/${reference.modelId}`;
}

/**
 * The names that a model's vendor and provider package are recognised by; a primitive may have many, so it has none.
 */
function modelNameOf(reference: ModelReference): Provided {
  if (typeof reference === 'string') return { modelId: reference };
  return routerOf(reference) ? {} : reference;
}

function createMember(
  place: Place,
  { model: reference, weight = 1 }: WeightedOptions,
  parsed: AttemptSettings & Pick<Member, 'id' | 'limits' | 'price' | 'prepare' | 'transforms' | 'lacks'>,
): Member {
  const { limits } = parsed;
  const resolveModel = (model: ModelReference): Resolved => {
    const router = routerOf(model);
    assertSupported(model, at(place, 'model'));
    assertSameVersion(at(place, 'model'), model, isSized(limits));
    const rule = router ? undefined : toolIdRuleOf(model);
    const native = rule ? withToolIds(toNative(model), rule) : toNative(model);
    const middleware = isSized(limits) ? fitCheckOf(() => limits) : undefined;
    return {
      router,
      fitCheck:
        router && middleware && ((params) => middleware.transformParams({ params, model: native } as never)),
      endings: router ? 'trusted' : endingsOf(model),
      model: middleware && !router ? wrapModel(native, middleware) : native,
    };
  };
  const modelObject = typeof reference === 'string' ? undefined : reference;
  let resolved = modelObject && resolveModel(modelObject);
  let standIn: object | undefined = isStandIn(modelObject) ? modelObject : undefined;
  /** What a stand-in resolves to changes when its gateway is reloaded. */
  const resolvedNow = (): Resolved | undefined => {
    if (!standIn || !resolved) return resolved;
    const router = routerOf(standIn);
    return router === resolved.router ? resolved : (resolved = { ...resolved, router });
  };
  return {
    ...parsed,
    place,
    model: labelOf(reference),
    learned: learnedCeiling(),
    measured: new Measured(),
    weight,
    modelObject,
    provider: resolved?.model.provider,
    get resolved() {
      return resolvedNow();
    },
    resolve(holder) {
      const known = resolvedNow();
      if (known) return known;
      const model = resolveStringId(reference as string);
      const found = resolveModel(model);
      if (isStandIn(model)) standIn = model as object;
      const path = found.router && pathTo(found.router, holder);
      check(
        !path,
        at(place, 'model'),
        foundName(reference as string),
        `it contains itself: ${[holder.id, ...(path ?? [])].join(' → ')}`,
      );
      return (resolved = found);
    },
  };
}
