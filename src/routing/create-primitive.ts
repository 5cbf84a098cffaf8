import type { FailureKind } from '../decision.ts';
import type { RoutingModel } from '../sdk/model.ts';
import { assertKnownOptions, check, foundName } from '../errors/errors.ts';
import { checkOptions, reporting, type Report } from '../options/check-options.ts';
import { defaultFallThroughOn, type Need, type OptionTable } from '../options/kinds.ts';
import { inherited as inheritedOptions } from '../options/member.ts';
import { checkNeeds } from '../options/needs.ts';
import { at, placeOf, type Path, type Place } from '../errors/place.ts';
import { routing, shared as sharedOptions, sharedNeeds } from '../options/shared.ts';
import type { Counter } from '../tokens/call/counter.ts';
import { parseLimits } from '../tokens/fit.ts';
import { attemptsOf } from '../faults/attempt-options.ts';
import { createCooldown } from '../stores/cooldown.ts';
import { createModel } from './create-model.ts';
import { parseMembers } from './member.ts';
import type { SharedOptions } from './options.ts';
import { primitiveIn, routersIn, type Member, type Planner, type Router } from './router.ts';
import { triesOf } from './tries/tries-of.ts';

/** What one kind of primitive adds to the options and the behaviour that all share. */
export interface PrimitiveSpec<Options extends SharedOptions> {
  readonly kind: Planner['kind'];
  readonly options: Options;
  /** The name of the option that lists the members: `constituents`, `steps` or `targets`. */
  readonly list: keyof Options & string;
  readonly minimum: number;
  /** The options that only this primitive has. */
  readonly ownOptions: OptionTable;
  /** Which of its options have no effect without another option. */
  readonly needs?: readonly Need[];
  /** Member options that only this primitive has. */
  readonly ownMemberOptions?: OptionTable;
  /** Members that are not in the list, such as targets of rules, by their path in the options. */
  readonly others?: readonly { readonly path: Path; readonly entry: unknown }[];
  /** Checks this primitive's own options and says how it plans. `members` are those whose options are valid. */
  plan(members: readonly Member[], context: PlanContext): Omit<Planner, 'kind'>;
}

/** What `plan` of a spec is given. */
export interface PlanContext {
  /** The place of its options, for error messages. */
  readonly where: Place;
  readonly id: string;
  /** Counts tokens like a member without an estimator of its own. */
  readonly counter: Counter;
  /** How many of the members, from the first, are in the list; those after them are in `others`. */
  readonly listed: number;
  /** Whether no error has been reported so far. */
  readonly isValid: () => boolean;
  readonly report: Report;
}

/** What receives errors and warnings while a primitive is created. */
export interface Making {
  /** Receives errors in the options. */
  readonly report: Report;
  /** Receives warnings about what is allowed but probably not intended; `primitive` is the id. */
  readonly warn?: (primitive: string, message: string) => void;
  /** Whether it stands for one model of a gateway. @default false */
  readonly isModel?: boolean;
}

/** Throws the first error, as the public functions do. */
export const throwing: Making = {
  report(error) {
    throw error;
  },
};

/**
 * Creates a primitive; returns undefined if an error in its options was reported. All such errors are reported here,
 * none by a call.
 */
export function createPrimitive<Options extends SharedOptions>(
  spec: PrimitiveSpec<Options>,
  making: Making,
): RoutingModel | undefined {
  const { kind, options, list, others = [] } = spec;
  let isValid = true;
  const report: Report = (error) => {
    isValid = false;
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
  const areAllValid = members.length === entries.length;
  const context = { where, id, counter: inherited, listed, isValid: () => isValid && areAllValid, report };
  const plan = reporting(report, () => spec.plan(members, context));
  if (context.isValid()) reporting(report, () => assertRetriesForWait(where, options, members));
  if (!plan || !context.isValid()) return undefined;
  const { isModel = false } = making;
  const router = routerOf({ id, members, planner: { kind, ...plan }, isModel }, options);
  reporting(report, () => assertDistinctPickIds(where, router));
  return context.isValid() ? createModel(router) : undefined;
}

/** Checks the options other than the members, and returns their place for error messages. */
function checkOwnOptions<Options extends SharedOptions>(
  { kind, options, list, ownOptions, needs = [] }: PrimitiveSpec<Options>,
  report: Report,
): Place {
  const isList = Array.isArray(options) || 'doGenerate' in Object(options);
  check(!isList, `${kind}: options`, options, `pass an object: { ${list}: [a, b] }`);
  assertKnownOptions(`${kind}: options`, options, Object.keys({ ...sharedOptions, ...ownOptions }));
  checkOptions(`${kind}: `, options, { id: sharedOptions.id }, report); // first, since the other errors name the primitive by it
  const where = placeOf(options.id === undefined ? `${kind}: ` : `${kind} "${options.id}": `);
  checkOptions(where, options, { ...routing, ...ownOptions }, report);
  checkNeeds(where, options, [...sharedNeeds, ...needs], report);
  return where;
}

function routerOf(
  own: Pick<Router, 'id' | 'members' | 'planner' | 'isModel'>,
  options: SharedOptions,
): Router {
  const { fallThroughOn = ['default'], onTruncation = 'warn', maxRetryAfterMs = 500 } = options;
  const { acceptAnswer, shorten, onDecision, deadlineMs } = options;
  const { afterContent = 'error', maxBufferedParts = 100_000 } = options;
  const { id, members } = own;
  const retries = members.some(
    ({ resolved, retries: retried = options.retries }) =>
      retried || (acceptAnswer && (!resolved || resolved.router?.isModel)),
  );
  const cooldown = options.cooldown && createCooldown(options.cooldown, id, members);
  return {
    ...own,
    ...attemptsOf(options),
    fallThroughOn: typeof fallThroughOn === 'function' ? fallThroughOn : kindsOf(fallThroughOn),
    acceptAnswer,
    onTruncation,
    onDecision,
    deadlineMs,
    maxRetryAfterMs,
    shorten,
    bufferedParts: afterContent === 'buffer' ? maxBufferedParts : 0,
    cooldown,
    tryMember: triesOf({ cooldown, acceptAnswer, retries }),
  };
}

/** The failure kinds of a list, in which `'default'` stands for the default ones. */
const kindsOf = (listed: readonly (FailureKind | 'default')[]): readonly FailureKind[] => [
  ...new Set(listed.flatMap((kind) => (kind === 'default' ? defaultFallThroughOn : kind))),
];

/** `maxRetryAfterMs` needs a member that is retried; a nested primitive has its own retries. */
function assertRetriesForWait(
  where: Place,
  { maxRetryAfterMs, retries = 0 }: SharedOptions,
  members: readonly Member[],
): void {
  // Whether a string id leads to a primitive isn't known yet.
  const isRetried = members.some(
    ({ resolved, retries: own = retries }) => primitiveIn(resolved) === undefined && own > 0,
  );
  const remedy =
    'it has no effect without retries, of members that are no primitives: set that, or remove it';
  const option = at(where, 'maxRetryAfterMs');
  check(maxRetryAfterMs === undefined || isRetried, option, maxRetryAfterMs, remedy);
}

/** Two primitives in one composition can't keep their sticky choices under the same id. */
function assertDistinctPickIds(where: Place, router: Router): void {
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
