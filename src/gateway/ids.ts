type IdsIn<Config, Section extends string, Key extends string = 'id'> = Config extends {
  readonly [Name in Section]?: infer List;
}
  ? List extends readonly { readonly [Name in Key]: infer Id extends string }[]
    ? Id
    : never
  : never;

/** The names of models and primitives with these ids; any string if no ids are known. */
export type NamesOf<
  Model extends string,
  Alloy extends string,
  Cascade extends string,
  Dispatcher extends string,
  Shortcut extends string,
> = [Model | Alloy | Cascade | Dispatcher | Shortcut] extends [never]
  ? string
  :
      | Model
      | Shortcut
      | Prefixed<'alloy', Alloy>
      | Prefixed<'cascade', Cascade>
      | Prefixed<'dispatcher', Dispatcher>;

type Prefixed<Kind extends string, Id extends string> = Id | `${Kind}/${Id}`;

/**
 * The ids by which a gateway's models can be requested: the ids in an inline or `as const` configuration, for primitives
 * also as `alloy/x`, `cascade/x` and `dispatcher/x`, and the aliases of `modelShortcuts`. Any string if the compiler doesn't know the configuration's ids.
 *
 * @example
 * ```ts
 * import type { GatewayId } from 'ai-alloy/gateway';
 *
 * const config = { cascades: [{ id: 'chat', steps: ['openai/gpt-5'] }], models: [{ id: 'openai/gpt-5' }] } as const;
 *
 * export const id: GatewayId<typeof config> = 'cascade/chat';
 * ```
 */
export type GatewayId<Config> = NamesOf<
  IdsIn<Config, 'models'>,
  IdsIn<Config, 'alloys'>,
  IdsIn<Config, 'cascades'>,
  IdsIn<Config, 'dispatchers'>,
  IdsIn<Config, 'modelShortcuts' | 'model_shortcuts', 'alias'>
>;
