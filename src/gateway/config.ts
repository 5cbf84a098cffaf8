import type { AlloyOptions } from '../alloy.ts';
import type { CascadeOptions } from '../cascade.ts';
import type { FailureKind } from '../decision.ts';
import type { DispatcherOptions } from '../dispatcher.ts';
import type { CooldownOptions } from '../stores/cooldown.ts';
import type { inherited } from '../options/member.ts';
import type { MemberOptions } from '../routing/member.ts';
import type { SharedOptions } from '../routing/options.ts';
import type { NamedOrder } from '../routing/ranking.ts';
import type { RuleConditions } from '../rules/rule.ts';
import type { TiktokenEncoding } from '../tiktoken/encodings.ts';
import type { TokenSize } from '../tokens/size.ts';

/** How tokens are counted. */
export interface TokenizerConfig {
  /** @default the kind that `charsPerToken` or `bytesPerToken` select; without them, the kind of the level above */
  readonly kind?:
    | 'char-ratio'
    | 'byte-ratio'
    | 'script-aware'
    | 'tiktoken'
    | 'huggingface'
    | 'auto'
    | undefined;
  /** Unicode code points per token, for `char-ratio`. @default 3.5 */
  readonly charsPerToken?: number | undefined;
  /** UTF-8 bytes per token, for `byte-ratio`. @default 3 */
  readonly bytesPerToken?: number | undefined;
  /** A factor for the count, at least 1. @default 1.1; 1.15 for `byte-ratio`, 1.02 for `tiktoken` and `huggingface` */
  readonly safetyMargin?: number | undefined;
  /** For `tiktoken`. @default 'o200k_base' */
  readonly encoding?: TiktokenEncoding | undefined;
  /** For `tiktoken`: a model of OpenAI's instead of an encoding. */
  readonly model?: string | undefined;
  /** For `huggingface`: where the model's `tokenizer.json` is, a path or a URL. In a file, a path is relative to the file's folder. */
  readonly path?: string | undefined;
  /** For `huggingface`: the path or URL of its `tokenizer_config.json`. @default in the same folder as `path` */
  readonly config?: string | undefined;
}

/** How tokens are counted, at one level: a `tokenizer`, or a bare ratio or margin. */
export interface CountingConfig extends Pick<
  TokenizerConfig,
  'charsPerToken' | 'bytesPerToken' | 'safetyMargin'
> {
  readonly tokenizer?: TokenizerConfig | undefined;
}

/** A context window that is read from your own server, once, when a file is loaded. */
export interface AskedSize {
  /** The server's base URL: `http://127.0.0.1:8080/v1`. */
  readonly ask: string;
  /** The context window to use if the server can't be reached or doesn't report one. */
  readonly otherwise: TokenSize;
  /** The model's name on the server. @default the model's id, with or without the provider's prefix */
  readonly model?: string | undefined;
}

/** Options of a model. */
export interface ModelOptionsConfig
  extends
    CountingConfig,
    Omit<MemberOptions, 'model' | 'id' | 'estimator' | 'mediaTokens' | 'transform' | 'contextWindow'> {
  /** The context window in tokens, input and output together. */
  readonly contextWindow?: TokenSize | AskedSize | undefined;
}

/** Defaults for all models. A model, its member or the primitive can set others. */
export interface ModelDefaultsConfig
  extends
    CountingConfig,
    Pick<
      ModelOptionsConfig,
      Exclude<keyof typeof inherited, 'estimator' | 'mediaTokens'> | 'capacityFraction' | 'settings'
    > {}

/** A model, declared once. */
export interface ModelConfig extends ModelOptionsConfig {
  /** The id of the model, with the prefix of its provider: `openai/gpt-5`. */
  readonly id: string;
  /** For people. */
  readonly name?: string | undefined;
}

/** A member: a reference to a model or primitive, and options that override the model's own declaration here. */
export interface MemberConfig extends ModelOptionsConfig {
  /** The id of a declared model or primitive (also as `alloy/x`), or of any model if a `contextWindow` is set here. */
  readonly model: string;
  /** Names the member in decisions. @default the reference */
  readonly id?: string | undefined;
}

/** A constituent of an alloy. */
export interface ConstituentConfig extends MemberConfig {
  /** @default 1 */
  readonly weight?: number | undefined;
}

interface PrimitiveConfig
  extends
    CountingConfig,
    Omit<
      SharedOptions,
      | 'id'
      | 'estimator'
      | 'mediaTokens'
      | 'acceptAnswer'
      | 'onDecision'
      | 'shorten'
      | 'fallThroughOn'
      | 'cooldown'
    > {
  readonly id: string;
  /** For people. */
  readonly name?: string | undefined;
  readonly fallThroughOn?: readonly (FailureKind | 'default')[] | undefined;
  readonly cooldown?: Omit<CooldownOptions, 'store'> | undefined;
  /** Whether options not set here are those of `recommended`. @default that of the file */
  readonly recommended?: boolean | undefined;
}

/** A primitive's own options, without those that can only be set in code or are written differently in data. */
type OwnOptions<Options, InItsOwnWay extends keyof Options> = Omit<
  Options,
  keyof SharedOptions | InItsOwnWay
>;

/** An alloy as data. */
export interface AlloyConfig
  extends PrimitiveConfig, OwnOptions<AlloyOptions, 'constituents' | 'random' | 'session'> {
  readonly constituents: readonly (string | ConstituentConfig)[];
}

/** A cascade as data. */
export interface CascadeConfig extends PrimitiveConfig, OwnOptions<CascadeOptions, 'steps' | 'order'> {
  readonly order?: 'declared' | NamedOrder | undefined;
  readonly steps: readonly (string | MemberConfig)[];
}

/** A rule of a dispatcher as data. */
export interface RuleConfig {
  /** Names the rule in decisions. @default its index */
  readonly id?: string | undefined;
  readonly when?: Omit<RuleConditions, 'predicate'> | undefined;
  readonly target: string | MemberConfig;
  /** @default false */
  readonly fitsTarget?: boolean | undefined;
}

/** A dispatcher as data. */
export interface DispatcherConfig
  extends PrimitiveConfig, OwnOptions<DispatcherOptions, 'targets' | 'rules' | 'order' | 'session'> {
  readonly order?: 'declared' | 'smallest-first' | NamedOrder | undefined;
  readonly targets?: readonly (string | MemberConfig)[] | undefined;
  readonly rules?: readonly RuleConfig[] | undefined;
}

/** Another name of a model or primitive. */
export interface ModelShortcutConfig {
  /** By which the model can be asked for, and referred to in the configuration. */
  readonly alias: string;
  /**
   * The id of a declared model or primitive (also as `alloy/x`), another alias, or `provider/model`. A model that is not
   * declared is declared by that, without a size.
   */
  readonly model: string;
}

/** A whole gateway as data, normalised: camelCase keys, kebab-case values. */
export interface GatewayConfig {
  /** Where its JSON Schema is, for editors. */
  readonly $schema?: string | undefined;
  /** How tokens are counted, unless a model or primitive sets it. */
  readonly tokenizer?: TokenizerConfig | undefined;
  readonly modelDefaults?: ModelDefaultsConfig | undefined;
  /**
   * Timeouts, retries and cooldown as recommended for production, for every alloy, cascade and dispatcher; for models
   * that are used by themselves, only the timeouts. Options that are set take precedence.
   * @default false
   */
  readonly recommended?: boolean | undefined;
  readonly models?: readonly ModelConfig[] | undefined;
  readonly alloys?: readonly AlloyConfig[] | undefined;
  readonly cascades?: readonly CascadeConfig[] | undefined;
  readonly dispatchers?: readonly DispatcherConfig[] | undefined;
  /** Other names of models and primitives. Members are never named by them in a normalised configuration. */
  readonly modelShortcuts?: readonly ModelShortcutConfig[] | undefined;
}
