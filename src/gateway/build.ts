import { alloy, type AlloyOptions } from '../alloy.ts';
import { cascade, type CascadeOptions } from '../cascade.ts';
import { createDispatcher, type DispatcherOptions } from '../dispatcher.ts';
import { InvalidConfigurationError } from '../errors.ts';
import type { ModelReference, RoutingModel } from '../spec/model.ts';
import { memberProblem, messageOf, optionsProblem } from './build-problem.ts';
import type { Declarations, Entity } from './entities.ts';
import { createLevels } from './levels.ts';
import { sharedOptions, type Materials } from './materials.ts';
import { memberOptions, nameMembers, plainOptions, type MemberContext } from './members.ts';
import { partsOf, type Part } from './parts.ts';
import { showName, type GatewayProblem, type Path } from './problem.ts';
import { placeholderModel } from './providers.ts';
import { mostTokens } from '../tokens/size.ts';

type Values = Readonly<Record<string, unknown>>;
type Report = (problem: GatewayProblem) => void;

/** Makes every model and primitive that is declared; reports those that can't be made, and all that they say of it. */
export function buildGateway(
  declarations: Declarations,
  materials: Materials,
  report: Report,
): ReadonlyMap<Entity, RoutingModel> {
  const made = new Map<Entity, RoutingModel | undefined>();
  const plain = new Map<string, ModelReference | undefined>();
  const context: MemberContext = {
    declarations,
    levels: createLevels(declarations, materials, report),
    modelOf(entity) {
      if (!made.has(entity)) {
        made.set(entity, undefined); // for who contains itself
        if (!declarations.tooLarge.has(entity)) made.set(entity, make(entity, context, materials, report));
      }
      return made.get(entity);
    },
    plainModel(id, path) {
      if (!plain.has(id)) plain.set(id, ask(id, path));
      return plain.get(id);
    },
  };
  const ask = (id: string, path: Path): ModelReference | undefined => {
    try {
      return materials.resolveModel(id);
    } catch (error) {
      const isOurs = InvalidConfigurationError.isInstance(error);
      const message = isOurs ? messageOf(error) : `its provider says ${messageOf(error)}`;
      report({
        path,
        message: message.startsWith(JSON.stringify(id)) ? message : `${showName(id)}: ${message}`,
      });
      return undefined;
    }
  };
  const models = declarations.entities.map((entity) => [entity, context.modelOf(entity)] as const);
  return new Map(models.flatMap(([entity, model]) => (model ? [[entity, model] as const] : [])));
}

/** Undefined if something is wrong with it, or with what it needs; what isn't is looked at all the same. */
function make(
  entity: Entity,
  context: MemberContext,
  materials: Materials,
  report: Report,
): RoutingModel | undefined {
  const parts = partsOf(entity, context.declarations.names);
  if (!parts) return undefined;
  const given = parts.members.map((part) => optionsOf(part, entity, context));
  const members = nameMembers(
    given.map((options) => options ?? standIn()),
    parts.members.map(({ entry }) => entry),
    context.declarations.names,
  );
  const construct = (own: readonly Values[], warn: Materials['warn'] = unheard): RoutingModel =>
    primitive(entity, { ...ownOptions(entity, context, materials), ...parts.options(own) }, warn);
  const isComplete = entity.isWhole && given.every((options) => options !== undefined);
  const { model, error } = isComplete ? attempt(() => construct(members, materials.warn)) : {};
  if (model) return model;
  // A primitive says one thing at a time: its members are tried one by one, then its options.
  const sound = members.map((member, index) => {
    if (given[index] === undefined) return member;
    const alone = attempt(() => constructWith(member, entity));
    if (!alone.model) report(memberProblem(alone.error, parts.members[index]!.path, entity));
    return alone.model ? member : { ...standIn(), id: member['id'] };
  });
  if (isComplete && sound.every((member, index) => member === members[index])) {
    report(optionsProblem(error, entity));
  } else if (entity.isWhole) {
    // Two members do where nothing points at one of them: there may be thousands.
    const few = attempt(() => construct(entity.kind === 'dispatcher' ? sound : sound.slice(0, 2)));
    if (!few.model) report(optionsProblem(few.error, entity));
  }
  return undefined;
}

/** Takes the place of a member that can't be had: large enough for everything. */
const standIn = (): Values => ({
  model: placeholderModel('stand-in'),
  contextWindow: mostTokens,
});

function optionsOf({ entry, path }: Part, entity: Entity, context: MemberContext): Values | undefined {
  if (entity.kind !== 'model') {
    return memberOptions(entry, path, { config: entity.config ?? {}, path: entity.path }, context);
  }
  const { id, config } = entity;
  if (id === undefined || id !== config?.id) return undefined; // the id itself is wrong
  const options = plainOptions({ model: id }, entity, path, { config: {}, path }, context);
  return options && { ...options, id };
}

function ownOptions(entity: Entity, { declarations, levels }: MemberContext, materials: Materials): Values {
  const { kind, config = {}, path, id } = entity;
  const { mediaTokens, random } = materials;
  if (kind === 'model') return { id, ...(mediaTokens && { mediaTokens }) };
  return {
    ...sharedOptions(config, declarations, materials),
    estimator: levels.ofPrimitive({ config, path }),
    ...(entity.kind === 'alloy' && entity.config?.strategy !== 'round-robin' && random && { random }),
  };
}

// What data says is unknown to the compiler: the schema has checked it, and the primitives do so again.
function primitive({ kind }: Entity, options: Values, warn: Materials['warn']): RoutingModel {
  if (kind === 'alloy') return alloy(options as unknown as AlloyOptions);
  return kind === 'dispatcher'
    ? createDispatcher(options as unknown as DispatcherOptions, warn)
    : cascade(options as unknown as CascadeOptions);
}

/** Nothing is said of what is made only to see what is wrong. */
const unheard: Materials['warn'] = () => {};

/** A primitive that has only this member, as far as its kind allows that. */
function constructWith(member: Values, entity: Entity): RoutingModel {
  if (entity.kind !== 'alloy') return cascade({ steps: [member] } as unknown as CascadeOptions);
  const minContextWindow = entity.config?.minContextWindow;
  return alloy({
    constituents: [member, standIn()],
    ...(minContextWindow !== undefined && { minContextWindow }),
  } as unknown as AlloyOptions);
}

function attempt(construct: () => RoutingModel): { readonly model?: RoutingModel; readonly error?: unknown } {
  try {
    return { model: construct() };
  } catch (error) {
    return { error };
  }
}
