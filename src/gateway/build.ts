import { type AlloyOptions, createAlloy } from '../alloy.ts';
import { type CascadeOptions, createCascade } from '../cascade.ts';
import { createDispatcher, type DispatcherOptions } from '../dispatcher.ts';
import { InvalidConfigurationError } from '../errors/errors.ts';
import { recommended } from '../options/recommended.ts';
import type { ModelReference, RoutingModel } from '../sdk/model.ts';
import type { Making } from '../routing/create-primitive.ts';
import { unavailable } from '../routing/member.ts';
import { messageOf, optionsProblem } from './build-problem.ts';
import type { Declarations, Entity } from './entities.ts';
import { createLevels } from './levels.ts';
import { sharedOptions, type Materials } from './materials.ts';
import { memberOptions, nameMembers, plainOptions, type MemberContext } from './members.ts';
import { partsOf, type Part } from './parts.ts';
import { showName, type GatewayProblem, type Path } from './problem.ts';

type Values = Readonly<Record<string, unknown>>;
type Report = (problem: GatewayProblem) => void;

/** Creates every declared model and primitive. Reports those that can't be created, with all their errors. */
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
        made.set(entity, undefined); // so that one that contains itself ends the recursion
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

/** Creates an entity; undefined if it or one of its members is invalid. Its valid parts are checked in any case. */
function make(
  entity: Entity,
  context: MemberContext,
  materials: Materials,
  report: Report,
): RoutingModel | undefined {
  const parts = partsOf(entity, context.declarations.names);
  if (!parts) return undefined;
  const members = nameMembers(
    parts.members.map((part) => optionsOf(part, entity, context)),
    parts.members.map(({ entry }) => entry),
    context.declarations.names,
  );
  const options = {
    ...ownOptions(entity, context, materials),
    ...parts.options(members.map((member) => member ?? unavailable)),
  };
  const model = primitive(entity, options, {
    ...(entity.isWhole && { warn: materials.warn }),
    isModel: entity.kind === 'model',
    report(error) {
      // An invalid option may be the reason why another one has no effect, so that is not reported.
      const isOfMember = error.path.some((key) => typeof key === 'number');
      if (entity.isWhole || isOfMember) report(optionsProblem(error, entity));
    },
  });
  return entity.isWhole ? model : undefined;
}

function optionsOf({ entry, path }: Part, entity: Entity, context: MemberContext): Values | undefined {
  if (entity.kind !== 'model') {
    return memberOptions(entry, path, { config: entity.config ?? {}, path: entity.path }, context);
  }
  const { id, config } = entity;
  if (id === undefined || id !== config?.id) return undefined; // the id itself is invalid
  const options = plainOptions({ model: id }, entity, path, { config: {}, path }, context);
  return options && { ...options, id };
}

function ownOptions(entity: Entity, { declarations, levels }: MemberContext, materials: Materials): Values {
  const { kind, config = {}, path, id } = entity;
  const { mediaTokens, random } = materials;
  if (kind === 'model')
    return { id, ...(declarations.recommended && timeouts), ...(mediaTokens && { mediaTokens }) };
  return {
    ...sharedOptions(entity, declarations, materials),
    estimator: levels.ofPrimitive({ config, path }),
    ...(entity.kind === 'alloy' && entity.config?.strategy !== 'round-robin' && random && { random }),
  };
}

/** A model by itself has no fallback, and is retried by the AI SDK. */
const { retries: _, cooldown: __, ...timeouts } = recommended;

// The compiler doesn't know the types of data; the schema has checked it, and the primitives check it again.
function primitive({ kind }: Entity, options: Values, making: Making): RoutingModel | undefined {
  if (kind === 'alloy') return createAlloy(options as unknown as AlloyOptions, making);
  return kind === 'dispatcher'
    ? createDispatcher(options as unknown as DispatcherOptions, making)
    : createCascade(options as unknown as CascadeOptions, making);
}
