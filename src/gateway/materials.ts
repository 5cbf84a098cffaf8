import type { KeyValueStore } from '../stores/key-value-store.ts';
import { allOptions, memberLists } from '../options/all.ts';
import type { MediaTokens } from '../tokens/call/media.ts';
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

/** The options that a primitive takes as declared, with those that can only be set in code. */
export function sharedOptions(
  config: object,
  { modelDefaults = {} }: { readonly modelDefaults?: object | undefined },
  { mediaTokens, cooldownStore, sessionStore }: Materials,
): Values {
  const own = Object.entries(config).filter(([key]) => plain.has(key));
  const said: Values = Object.fromEntries(own);
  const isSticky = String(said['reevaluate']).startsWith('sticky');
  const { cooldown, defaultOutputTokens = (modelDefaults as Values)['defaultOutputTokens'] } = said;
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
