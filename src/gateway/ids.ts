type IdsIn<Config, Section extends string> = Config extends { readonly [Name in Section]?: infer List }
  ? List extends readonly { readonly id: infer Id extends string }[]
    ? Id
    : never
  : never;

/** What models and primitives of these ids can be called by: any string, where there are none. */
export type NamesOf<
  Model extends string,
  Alloy extends string,
  Cascade extends string,
  Dispatcher extends string,
> = [Model | Alloy | Cascade | Dispatcher] extends [never]
  ? string
  : Model | Prefixed<'alloy', Alloy> | Prefixed<'cascade', Cascade> | Prefixed<'dispatcher', Dispatcher>;

type Prefixed<Kind extends string, Id extends string> = Id | `${Kind}/${Id}`;

/**
 * What the models of a gateway can be called by: the ids in an inline or `as const` configuration, those of primitives
 * also as `alloy/x`, `cascade/x` and `dispatcher/x`. Any string for a configuration whose ids the compiler doesn't know.
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
  IdsIn<Config, 'dispatchers'>
>;
