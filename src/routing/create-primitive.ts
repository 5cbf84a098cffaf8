import { createFacade } from '../sdk/facade.ts';
import type { Call, RoutingModel, SpecModel } from '../sdk/model.ts';
import { assertKnownOptions, check, foundName } from '../errors/errors.ts';
import { checkOptions, reporting, type Report } from '../options/check-options.ts';
import type { Need, OptionTable } from '../options/kinds.ts';
import { inherited as inheritedOptions } from '../options/member.ts';
import { checkNeeds } from '../options/needs.ts';
import { at, placeOf, type Path, type Place } from '../errors/place.ts';
import { routing, shared as sharedOptions, sharedNeeds } from '../options/shared.ts';
import type { Counter } from '../tokens/call/counter.ts';
import { parseLimits } from '../tokens/fit.ts';
import { attemptsOf, noDeadlines } from '../faults/attempt-options.ts';
import { createCooldown } from '../stores/cooldown.ts';
import { registerPrimitive } from './copies.ts';
import { generate } from './generate.ts';
import { parseMembers } from './member.ts';
import type { SharedOptions } from './options.ts';
import type { RoutedCall } from './run.ts';
import { routersIn, type Member, type Planner, type Router } from './router.ts';
import { stream } from './stream.ts';
import { triesOf } from './tries/tries-of.ts';

/** What a primitive adds to the options that all share. */
export interface PrimitiveSpec<Options extends SharedOptions> {
  readonly kind: Planner['kind'];
  readonly options: Options;
  /** The option that lists the members, in the primitive's own word. */
  readonly list: keyof Options & string;
  readonly minimum: number;
  /** The options that only this primitive has. */
  readonly ownOptions: OptionTable;
  /** Which of all its options have no effect without another one. */
  readonly needs?: readonly Need[];
  /** Member options that only this primitive has. */
  readonly ownMemberOptions?: OptionTable;
  /** Members that the list doesn't hold, by the path at which they stand in the options. */
  readonly others?: readonly { readonly path: Path; readonly entry: unknown }[];
  /** Checks what is the primitive's own and says how it plans; `members` are those that nothing is wrong with. */
  plan(members: readonly Member[], context: PlanContext): Omit<Planner, 'kind'>;
}

/** What a primitive knows of itself when it says how it plans. */
export interface PlanContext {
  /** Where its options stand, in errors. */
  readonly where: Place;
  readonly id: string;
  /** Counts as members without an estimator of their own do. */
  readonly counter: Counter;
  /** How many of the members, from the first, are of the list. */
  readonly listed: number;
  /** Whether nothing is wrong so far. */
  readonly isSound: () => boolean;
  readonly report: Report;
}

/** What is told while a primitive is made. */
export interface Making {
  /** Takes what is wrong with the options. */
  readonly report: Report;
  /** Takes what is allowed, and hardly meant; `primitive` is the id. */
  readonly warn?: (primitive: string, message: string) => void;
}

/** As the public functions make primitives: the first thing that is wrong is thrown. */
export const throwing: Making = {
  report(error) {
    throw error;
  },
};

/**
 * Makes the language model that a primitive is; undefined once something was reported that is wrong with its options. All
 * of that is said here, nothing by a call.
 */
export function createPrimitive<Options extends SharedOptions>(
  spec: PrimitiveSpec<Options>,
  making: Making,
): RoutingModel | undefined {
  const { kind, options, list, others = [] } = spec;
  let isSound = true;
  const report: Report = (error) => {
    isSound = false;
    making.report(error);
  };
  const where = checkOwnOptions(spec, report);
  const group = placeOf(`${where.label}options`);
  checkOptions(group, options, inheritedOptions, report);
  const { estimator, mediaTokens, anchor, defaultOutputTokens } = options;
  const inherited = parseLimits(group, { estimator, mediaTokens, anchor, defaultOutputTokens });
  const entries = parseMembers({
    where: at(where, list),
    list: options[list],
    minimum: spec.minimum,
    ownOptions: spec.ownMemberOptions ?? {},
    others: others.map(({ path, entry }) => ({ place: path.reduce(at, where), entry })),
    inherited,
    report,
  });
  const members = entries.filter((member) => member !== undefined);
  const names = members.map((member) => member.id).join(', ');
  const id = options.id ?? `${kind}(${names.slice(0, 80)})`;
  const listed = members.filter(({ place }) => place.path[0] === list).length;
  const isWhole = members.length === entries.length;
  const context = { where, id, counter: inherited, listed, isSound: () => isSound && isWhole, report };
  const plan = reporting(report, () => spec.plan(members, context));
  if (context.isSound()) reporting(report, () => assertPatience(where, options, members));
  if (!plan || !context.isSound()) return undefined;
  const router = routerOf({ id, members, planner: { kind, ...plan } }, options);
  reporting(report, () => assertOwnPicks(where, router));
  return context.isSound() ? createModel(router) : undefined;
}

/** Checks what is no member's, and returns where the options stand, in errors. */
function checkOwnOptions<Options extends SharedOptions>(
  { kind, options, list, ownOptions, needs = [] }: PrimitiveSpec<Options>,
  report: Report,
): Place {
  const isList = Array.isArray(options) || 'doGenerate' in Object(options);
  check(!isList, `${kind}: options`, options, `pass an object: { ${list}: [a, b] }`);
  assertKnownOptions(`${kind}: options`, options, [
    ...Object.keys(sharedOptions),
    ...Object.keys(ownOptions),
  ]);
  checkOptions(`${kind}: `, options, { id: sharedOptions.id }, report); // before it names the others
  const where = placeOf(options.id === undefined ? `${kind}: ` : `${kind} "${options.id}": `);
  checkOptions(where, options, routing, report);
  checkOptions(where, options, ownOptions, report);
  checkNeeds(where, options, [...sharedNeeds, ...needs], report);
  return where;
}

function routerOf(
  { id, members, planner }: Pick<Router, 'id' | 'members' | 'planner'>,
  options: SharedOptions,
): Router {
  const { fallThroughOn, onTruncation = 'warn', onDecision, deadlineMs, maxRetryAfterMs = 500 } = options;
  const { afterContent = 'error', maxBufferedParts = 100_000 } = options;
  const retried = members.some(({ retries = options.retries }) => retries);
  const cooldown = options.cooldown && createCooldown(options.cooldown, id, members);
  return {
    id,
    members,
    planner,
    ...attemptsOf(options),
    fallThroughOn,
    onTruncation,
    onDecision,
    deadlineMs,
    maxRetryAfterMs,
    bufferedParts: afterContent === 'buffer' ? maxBufferedParts : 0,
    cooldown,
    tryMember: triesOf(cooldown, retried),
  };
}

/** A `maxRetryAfterMs` is for members that are retried; a nested primitive retries by its own. */
function assertPatience(
  where: Place,
  { maxRetryAfterMs, retries = 0 }: SharedOptions,
  members: readonly Member[],
): void {
  // What a string id leads to isn't known to be a primitive.
  const isRetried = members.some(
    ({ resolved, retries: own = retries }) => resolved?.router === undefined && own > 0,
  );
  const remedy =
    'it has no effect without retries, of members that are no primitives: set that, or remove it';
  const option = at(where, 'maxRetryAfterMs');
  check(maxRetryAfterMs === undefined || isRetried, option, maxRetryAfterMs, remedy);
}

/** Two primitives of one composition can't keep their picks under one id. */
function assertOwnPicks(where: Place, router: Router): void {
  const taken = new Map<object | undefined, Set<string>>();
  for (const { id, planner } of [...routersIn(router), router]) {
    const { stamps, store } = planner;
    if (!stamps && !store) continue;
    const ids = taken.get(store) ?? new Set();
    const remedy = 'both keep their picks under it, rename one';
    const option = placeOf(`${where.label}the id of two primitives in it`);
    check(!ids.has(id), option, foundName(id), remedy);
    taken.set(store, ids.add(id));
  }
}

function createModel(router: Router): RoutingModel {
  const { id, members, planner } = router;
  const facade = createFacade({
    id,
    providers: members.map(({ provider }) => provider),
    models: () => members.flatMap((member) => modelOf(member, router) ?? []),
  });
  const routed = (call: Call, streams: boolean): RoutedCall => {
    return { router, call, streams, outermost: true, deadlines: noDeadlines, assumedInput: 0 };
  };
  const model = {
    kind: planner.kind,
    ...facade,
    doGenerate: (call: Call) => generate(routed(call, false)),
    doStream: async (call: Call) => (await stream(routed(call, true))).result,
  };
  registerPrimitive(model, router);
  return model as unknown as RoutingModel;
}

/** A member whose id doesn't resolve can't serve, so it has no say in what the others can take. */
function modelOf(member: Member, holder: Router): SpecModel | undefined {
  try {
    return member.resolve(holder).model;
  } catch {
    return undefined;
  }
}
