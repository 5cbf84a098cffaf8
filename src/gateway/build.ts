import { alloy, type AlloyOptions } from '../alloy.ts';
import { cascade, type CascadeOptions } from '../cascade.ts';
import { dispatcher, type DispatcherOptions } from '../dispatcher.ts';
import { InvalidConfigurationError } from '../errors.ts';
import type { ModelReference, RoutingModel } from '../spec/model.ts';
import { buildProblem, messageOf } from './build-problem.ts';
import type { MemberConfig } from './config.ts';
import { dispatcherMembers } from './dispatcher-members.ts';
import type { Declarations, Entity } from './entities.ts';
import { createLevels } from './levels.ts';
import { sharedOptions, type Materials } from './materials.ts';
import { memberOptions, nameMembers, plainOptions, type MemberContext } from './members.ts';
import { show, type GatewayProblem, type Path } from './problem.ts';

type Values = Readonly<Record<string, unknown>>;

/** Makes every model and primitive that is declared; reports those that can't be made. */
export function buildGateway(
  declarations: Declarations,
  materials: Materials,
  report: (problem: GatewayProblem) => void,
): ReadonlyMap<Entity, RoutingModel> {
  const made = new Map<Entity, RoutingModel | undefined>();
  const plain = new Map<string, ModelReference | undefined>();
  const context: MemberContext = {
    declarations,
    levels: createLevels(declarations, materials.tiktoken, report),
    modelOf(entity) {
      if (!made.has(entity)) made.set(entity, make(entity));
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
      report({ path, message: message.startsWith(JSON.stringify(id)) ? message : `${show(id)}: ${message}` });
      return undefined;
    }
  };
  const make = (entity: Entity): RoutingModel | undefined => {
    try {
      return construct(entity, context, materials);
    } catch (error) {
      report(buildProblem(entity, error));
      return undefined;
    }
  };
  const models = declarations.entities.map((entity) => [entity, context.modelOf(entity)] as const);
  return new Map(models.flatMap(([entity, model]) => (model ? [[entity, model] as const] : [])));
}

/** Undefined if something that it needs can't be made, which was reported there. */
function construct(entity: Entity, context: MemberContext, materials: Materials): RoutingModel | undefined {
  if (entity.config === undefined) return undefined;
  const { config, path } = entity;
  const holder = { config, path };
  const members = (name: string, entries: readonly (string | MemberConfig)[]): Values[] | undefined => {
    const options = entries.map((entry, index) =>
      memberOptions(entry, [...path, name, index], holder, context),
    );
    return options.every((each) => each !== undefined)
      ? nameMembers(options, entries, context.declarations.names)
      : undefined;
  };
  // What data says is unknown to the compiler: the schema has checked it, and the primitive does so again.
  const options = <Options>(own: object): Options =>
    ({
      ...sharedOptions(config, context.declarations, materials),
      estimator: context.levels.ofPrimitive(holder),
      ...own,
    }) as Options;
  switch (entity.kind) {
    case 'model':
      return modelOf(entity, entity.config.id, context, materials);
    case 'alloy': {
      const constituents = members('constituents', entity.config.constituents);
      const { random } = materials;
      return constituents && alloy(options<AlloyOptions>({ constituents, ...(random && { random }) }));
    }
    case 'cascade': {
      const steps = members('steps', entity.config.steps);
      return steps && cascade(options<CascadeOptions>({ steps }));
    }
    case 'dispatcher': {
      const own = dispatcherMembers(entity.config, path, context);
      return own && dispatcher(options<DispatcherOptions>(own));
    }
  }
}

/** A model by itself is a cascade of one: with its sizes, its deadlines and its retries, and a decision. */
function modelOf(
  entity: Entity,
  id: string,
  context: MemberContext,
  { mediaTokens }: Materials,
): RoutingModel | undefined {
  const { path } = entity;
  const step = plainOptions({ model: id }, entity, path, { config: {}, path }, context);
  if (!step) return undefined;
  const options = { id, steps: [{ ...step, id }], ...(mediaTokens && { mediaTokens }) };
  return cascade(options as unknown as CascadeOptions); // as above
}
