import type { CooldownOptions } from '../faults/cooldown.ts';
import type {
  AlloyConfig,
  AskedSize,
  CascadeConfig,
  ConstituentConfig,
  DispatcherConfig,
  ModelConfig,
  RuleConfig,
  TokenizerConfig,
} from '../gateway/config.ts';
import { camelCase } from '../gateway/plain-data.ts';
import type { Path } from './problem.ts';

/** Every table of a file that has options of its own. */
type Table =
  | TokenizerConfig
  | AskedSize
  | ModelConfig
  | ConstituentConfig
  | AlloyConfig
  | CascadeConfig
  | DispatcherConfig
  | RuleConfig
  | NonNullable<RuleConfig['when']>
  | CooldownOptions;

/** The options of any table that take a value. */
type OptionOf<Value, Of = Table> = Of extends Table
  ? { [Key in keyof Of]-?: Extract<Of[Key], Value> extends never ? never : Key }[keyof Of]
  : never;

/** What an option takes instead of a text, or beside one, as `vendor` does. */
export type OptionKind = 'number' | 'boolean';

/** The options that take a number or a boolean; checked to be all. */
const kinds: Readonly<Record<OptionOf<number>, 'number'> & Record<OptionOf<boolean>, 'boolean'>> = {
  assumeSessionMaxTokens: 'number',
  bytesPerToken: 'number',
  capacityFraction: 'number',
  charsPerToken: 'number',
  contextWindow: 'number',
  deadlineMs: 'number',
  defaultOutputTokens: 'number',
  escalations: 'number',
  failures: 'number',
  firstContentMs: 'number',
  idleMs: 'number',
  maxBufferedParts: 'number',
  maxInputTokens: 'number',
  maxOutputTokens: 'number',
  maxRetryAfterMs: 'number',
  minContextWindow: 'number',
  minInputTokens: 'number',
  ms: 'number',
  otherwise: 'number',
  retries: 'number',
  safetyMargin: 'number',
  totalMs: 'number',
  vendor: 'number',
  weight: 'number',
  anchor: 'boolean',
  fallback: 'boolean',
  fitsTarget: 'boolean',
  hasFiles: 'boolean',
  hasImages: 'boolean',
  hasTools: 'boolean',
  warnOnSkip: 'boolean',
};

/** Whether the option at a path takes a number or a boolean; undefined for texts, such as metadata of any name. */
export function optionKindAt(path: Path): OptionKind | undefined {
  const isMetadata = path.at(-2) === 'metadata' && path.at(-3) === 'when';
  const name = camelCase(String(path.at(-1)));
  return !isMetadata && Object.hasOwn(kinds, name) ? kinds[name as keyof typeof kinds] : undefined;
}
