import * as ai from 'ai';
import { assertKnownOptions } from '../errors/errors.ts';
import type { KeyValueStore } from '../stores/key-value-store.ts';
import { checkOptions } from '../options/check-options.ts';
import { gateway as gatewayTable } from '../options/gateway.ts';
import type { Kind } from '../options/kinds.ts';
import type { RoutingModel } from '../sdk/model.ts';
import { nativeVersion } from '../sdk/native.ts';
import type { MediaTokens } from '../tokens/call/media.ts';
import { type AskSdk, createAskSdk } from './ask-sdk.ts';
import { askedSizes } from './asked-sizes.ts';
import { buildGateway } from './build.ts';
import { namesPrimitive } from './entities.ts';
import type { HuggingFaceTokenizer, Tiktoken } from './estimators.ts';
import type { GatewayDataOf } from './data.ts';
import type { NamesOf } from './ids.ts';
import { nearest } from '../spelling.ts';
import { namedAs } from './named-as.ts';
import { otherModels, type OtherModels } from './other-models.ts';
import { GatewayConfigurationError, showName } from './problem.ts';
import { modelsFrom, rememberedIn, type GatewayProviders, type GivenModels } from './providers.ts';
import { readConfig } from './read-config.ts';
import { warn } from '../warn.ts';

/** Options of a gateway that can only be set in code. */
export interface ModelGatewayOptions<Undeclared extends 'error' | 'ai-sdk' = 'error' | 'ai-sdk'> {
  /**
   * Where models come from: AI SDK providers by the first segment of the ids that they serve (`openai` for
   * `openai/gpt-5`, which asks it for `gpt-5`), `'*'` for all other ids, which gets the whole id; or one registry,
   * provider or function that gets whole ids.
   */
  readonly providers?: GatewayProviders | undefined;
  /**
   * `'ai-sdk'`: references to models that aren't declared, and models without a provider, go to the AI SDK's own
   * resolution of string ids (from ai 5), which is `AI_SDK_DEFAULT_PROVIDER`, else Vercel's AI Gateway. If this gateway is
   * the default provider itself, its declared models need `providers`, or their ids would resolve to this gateway again.
   * `'error'`: such references are errors.
   * @default 'error'
   */
  readonly undeclared?: Undeclared | undefined;
  /** `tiktoken` of `ai-alloy/tiktoken`, for configurations that name it. */
  readonly tiktoken?: Tiktoken | undefined;
  /** `huggingFaceTokenizer` of `ai-alloy/huggingface`, for configurations that name it. */
  readonly huggingFaceTokenizer?: HuggingFaceTokenizer | undefined;
  /** Counts images and files: `mediaTokens()` of `ai-alloy/media`. @default an upper bound of tokens per kind */
  readonly mediaTokens?: MediaTokens | undefined;
  /** The random numbers by which alloys draw: `seededRandom(42)` makes a run reproducible. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Shares the cooldowns of all members with other processes. @default this process only */
  readonly cooldownStore?: KeyValueStore | undefined;
  /**
   * Keeps the targets of sticky dispatchers, and the constituents of alloys with `redraw: 'conversation'`, by `providerOptions['ai-alloy'].session`. Required for them under ai 4.
   * @default they are kept in the messages of the conversation
   */
  readonly sessionStore?: KeyValueStore | undefined;
}

/**
 * A gateway: an AI SDK provider of the language models in its configuration. Requests for models of other types are passed
 * on to its providers.
 */
export interface ModelGateway<Id extends string = string> extends OtherModels {
  /** The specification version of the installed `ai`, so that it accepts the models without conversion. */
  readonly specificationVersion: RoutingModel['specificationVersion'];
  /** All names of models and primitives, in the order of the configuration. */
  readonly ids: readonly string[];
  /**
   * A model or a primitive by its id.
   * @throws NoSuchModelError if there is no model with this id
   */
  // A method rather than a function property, so that a gateway with typed ids is still assignable to a provider type.
  languageModel(id: Id): RoutingModel;
}

/** With `undeclared: 'ai-sdk'`, any id is allowed, and editors still complete the declared ones. */
type Askable<Id extends string, Undeclared> = 'ai-sdk' extends Undeclared ? Id | (string & {}) : Id;

/**
 * Creates all models, alloys, cascades and dispatchers that a configuration declares, so that its problems are found now
 * rather than in a request. The result is an AI SDK provider; use it directly, in `createProviderRegistry` and
 * `customProvider`, or as `globalThis.AI_SDK_DEFAULT_PROVIDER`.
 *
 * @param config plain data, in snake_case or camelCase; an inline or `as const` configuration has typed ids and checked
 *   options, while of a JSON import TypeScript only knows the keys, so its ids are any string
 * @param options.providers AI SDK providers by prefix, a registry, or a function
 * @param options.undeclared what to do about models that aren't declared. @default 'error'
 * @param options.tiktoken `tiktoken` of `ai-alloy/tiktoken`, if the configuration uses it
 * @param options.huggingFaceTokenizer `huggingFaceTokenizer` of `ai-alloy/huggingface`, if the configuration uses it
 * @param options.mediaTokens counts images and files. @default an upper bound of tokens per kind
 * @param options.random the random numbers by which alloys draw. @default Math.random
 * @param options.cooldownStore shares the cooldowns of all members. @default this process only
 * @param options.sessionStore keeps the targets and constituents of conversations. @default they are kept in the messages
 * @throws GatewayConfigurationError, an InvalidConfigurationError, with everything that is wrong as `problems`
 *
 * @example
 * ```ts
 * import { anthropic } from '@ai-sdk/anthropic';
 * import { openai } from '@ai-sdk/openai';
 * import { generateText } from 'ai';
 * import { createModelGateway } from 'ai-alloy/gateway';
 *
 * const gateway = createModelGateway(
 *   {
 *     models: [
 *       { id: 'openai/gpt-5-mini', context_window: 400_000, capacity_fraction: 0.75 },
 *       { id: 'anthropic/claude-sonnet-4-5', context_window: 1_000_000 },
 *     ],
 *     dispatchers: [{ id: 'smart', targets: ['openai/gpt-5-mini', 'anthropic/claude-sonnet-4-5'] }],
 *   },
 *   { providers: { openai, anthropic } },
 * );
 *
 * await generateText({ model: gateway.languageModel('smart'), prompt: 'Hello!' });
 * ```
 */
export function createModelGateway<
  const Model extends string = never,
  const Alloy extends string = never,
  const Cascade extends string = never,
  const Dispatcher extends string = never,
  const Shortcut extends string = never,
  Undeclared extends 'error' | 'ai-sdk' = 'error',
>(
  config: GatewayDataOf<Model, Alloy, Cascade, Dispatcher, Shortcut>,
  options: ModelGatewayOptions<Undeclared> = {},
): ModelGateway<Askable<NamesOf<Model, Alloy, Cascade, Dispatcher, Shortcut>, Undeclared>> {
  return gatewayOf(config, options) as ModelGateway<
    Askable<NamesOf<Model, Alloy, Cascade, Dispatcher, Shortcut>, Undeclared>
  >;
}

/**
 * Like `createModelGateway`. `models` has the models that providers have given before: they are used again, so that what
 * is known of them, such as a cooldown, stays known, and those that are given now are added.
 */
export function gatewayOf(
  config: object,
  options: ModelGatewayOptions,
  models: GivenModels = new Map(),
): ModelGateway {
  assertKnownOptions('createModelGateway: options', options, Object.keys(gatewayOptions));
  const { providers, tiktoken, huggingFaceTokenizer, mediaTokens, random, cooldownStore, sessionStore } =
    options;
  const undeclared: 'error' | 'ai-sdk' = options.undeclared ?? 'error';
  checkOptions('createModelGateway: ', options, gatewayOptions);
  const { declarations, problems: list } = readConfig(config, undeclared);
  const materials = {
    resolveModel: rememberedIn(models, modelsFrom(providers, undeclared)),
    tiktoken,
    huggingFaceTokenizer,
    mediaTokens,
    random,
    cooldownStore,
    sessionStore,
    warn: (primitive: string, message: string) => warn(primitive, list.spelt(message)),
  };
  for (const { raw, path } of declarations.entities) {
    for (const asked of askedSizes(raw, path)) list.report({ path: asked.path, message: notAsked });
  }
  const made = buildGateway(declarations, materials, list.report);
  const problems = list.inOrder();
  if (problems.length > 0) throw new GatewayConfigurationError(problems);
  const byName = new Map(
    [...declarations.names].map(([name, entity]) => {
      const model = made.get(entity);
      if (model) return [name, model] as const;
      // A bug in this package: report it now rather than in a request.
      const message = `${showName(name)} can't be created, for an unknown reason: please report it`;
      throw new GatewayConfigurationError([{ path: entity.path, message }]);
    }),
  );
  const askSdk = undeclared === 'ai-sdk' ? createAskSdk() : undefined;
  return { ...otherModels(providers, askSdk), ...providerOf(byName, askSdk) };
}

const notAsked =
  'no server is asked here: load it as a file (loadModelGateway), or declare what askContextWindow of ai-alloy/local returns';

/** The table of options; the compiler compares it with their type here. */
const gatewayOptions: Readonly<Record<keyof ModelGatewayOptions, Kind>> = gatewayTable;

function providerOf(
  models: ReadonlyMap<string, RoutingModel>,
  askSdk: AskSdk | undefined,
): Omit<ModelGateway, keyof OtherModels> {
  return {
    specificationVersion: nativeVersion() as RoutingModel['specificationVersion'],
    ids: [...models.keys()],
    languageModel(id) {
      const model = models.get(id);
      if (model) return model;
      if (!askSdk || namesPrimitive(String(id))) throw noSuchModel(id, models);
      return askSdk((provider) => provider.languageModel(id)) as RoutingModel;
    },
  };
}

function noSuchModel(modelId: string, names: ReadonlyMap<string, unknown>): Error {
  const meant = namedAs(String(modelId), names) ?? nearest(String(modelId), names.keys());
  const remedy = meant === undefined ? 'declare it' : `did you mean "${meant}"?`;
  const message = `No such model in this gateway: "${modelId}", ${remedy}`;
  return new ai.NoSuchModelError({ modelId, modelType: 'languageModel', message });
}
