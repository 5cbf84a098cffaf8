import type { KeyValueStore } from '../stores/key-value-store.ts';
import { allOptions, memberLists } from '../options/all.ts';
import { type Recommended, recommended } from '../options/recommended.ts';
import type { MediaTokens } from '../tokens/call/media.ts';
import type { Declarations, Declared, Entity } from './entities.ts';
import type { Counters } from './estimators.ts';
import type { ResolveModel } from './providers.ts';

/** What a gateway is created from, besides data. */
export interface Materials extends Counters {
  readonly resolveModel: ResolveModel;
  readonly mediaTokens?: MediaTokens | undefined;
  readonly random?: (() => number) | undefined;
  readonly cooldownStore?: KeyValueStore | undefined;
  readonly sessionStore?: KeyValueStore | undefined;
  /** Receives warnings about a primitive, by its id, whose options are allowed but probably a mistake. */
  readonly warn: (primitive: string, message: string) => void;
}

type Values = Readonly<Record<string, unknown>>;

const { shared, alloy, cascade, dispatcher } = allOptions();
const lists = memberLists();

/** The options that a primitive takes as declared. Members and rules aren't among them: they are created. */
const plain = new Set(
  [shared, alloy, cascade, dispatcher].flatMap(({ options }) =>
    Object.keys(options).filter((name) => !lists.has(name)),
  ),
);

/** The options that a primitive takes as declared, with defaults, and with those that can only be set in code. */
export function sharedOptions(
  entity: Entity,
  declarations: Pick<Declarations, 'modelDefaults' | 'recommended'>,
  { mediaTokens, cooldownStore, sessionStore }: Materials,
): Values {
  const own = Object.entries(entity.config ?? {}).filter(
    ([key, value]) => plain.has(key) && value !== undefined,
  );
  const said: Values = { ...recommendedFor(entity, declarations), ...Object.fromEntries(own) };
  const isSticky = String(said['reevaluate']).startsWith('sticky') || said['redraw'] === 'conversation';
  const { cooldown, defaultOutputTokens = declarations.modelDefaults?.defaultOutputTokens } = said;
  return {
    ...said,
    ...(mediaTokens && { mediaTokens }),
    ...(defaultOutputTokens !== undefined && { defaultOutputTokens }),
    ...(isSticky && sessionStore && { session: { store: sessionStore } }),
    ...(cooldown !== undefined && {
      cooldown: { ...(cooldown as object), ...(cooldownStore && { store: cooldownStore }) },
    }),
  };
}

/** `recommended: true` of a primitive or of the file. In a dispatcher, cooldown has no effect without a fallback. */
export function recommendedFor(
  { kind, config }: Declared,
  declarations: { readonly recommended?: boolean | undefined },
): Partial<Recommended> {
  if (kind === 'model' || !(config?.recommended ?? declarations.recommended)) return {};
  const { cooldown, ...others } = recommended;
  return kind === 'dispatcher' && config?.fallback !== true ? others : { ...others, cooldown };
}
