import type { Encoding } from './estimators/script-weights.ts';
import { encodingsOf, familyOf, type Vendor } from './family.ts';

export type { Vendor } from './family.ts';

/** A vendor, or a factor: the model's tokens per token of o200k_base. */
export type VendorOption = Vendor | number;

/** The names by which a model's vendor is recognised. */
export interface ModelName {
  readonly provider?: string;
  readonly modelId?: string;
}

/** The tokenizer of a model, as far as it is known. */
export interface Tokenizer {
  readonly vendor: Vendor;
  /** How many tokens the model needs for each token of o200k_base, estimated high. */
  readonly factor: number;
  readonly modelId: string;
  /**
   * The tokenizers that the model may have and for which the built-in estimators have weights; the largest of their
   * counts is used. Undefined if none is known, or if a factor was given.
   */
  readonly encodings?: readonly Encoding[];
}

/** A model's tokenizer, by the option `vendor`, else by the ids of model and provider. */
export function tokenizerOf(
  { provider = '', modelId = '' }: ModelName,
  option?: VendorOption | undefined,
): Tokenizer {
  const id = modelId.toLowerCase();
  const told = typeof option === 'string' ? option : vendorById(id);
  const vendor = told ?? vendorByProvider(provider);
  if (typeof option === 'number') return { vendor, factor: option, modelId };
  // A provider named 'openai' may be any OpenAI-compatible server, and a deployment at Azure may have any name, so the
  // provider's name alone doesn't tell the encoding.
  const encodings = told || vendor === 'google' ? encodingsOf(vendor, id) : undefined;
  return { vendor, factor: factorOf(vendor, modelId), modelId, ...(encodings && { encodings }) };
}

// The model's id is checked before the provider's name. Gateways keep it ('anthropic/claude-…'), and so do
// Bedrock ('us.anthropic.claude-…') and fine-tuning ('ft:gpt-…'), while `createOpenAI({ baseURL })` calls itself 'openai.chat' for any server.
function vendorById(id: string): Vendor | undefined {
  const family = familyOf(id);
  if (family) return family; // before 'claude': the id of a Qwen that was distilled from Claude may contain both
  const [, name] = /(?:^|[^a-z])(claude|gemini)/.exec(id) ?? [];
  if (name) return name === 'claude' ? 'anthropic' : 'google';
  if (/(?:^|[/.:])(gpt-[\do]|chatgpt-|o\d\b)/.test(id)) return 'openai';
  return otherFamilies.test(id) ? 'generic' : undefined;
}

/** Families whose tokenizers are not known here. The provider that serves them tells nothing about their tokenizer. */
const otherFamilies = /\bphi|grok|minimax|granite|nemotron|command-/;

function vendorByProvider(provider: string): Vendor {
  if (provider.startsWith('google.')) return 'google';
  if (/\banthropic\b|^claude-code/.test(provider)) return 'anthropic';
  return /^(azure-openai|azure|openai)(\.|$)/.test(provider) ? 'openai' : 'generic';
}

/**
 * Tokens per token of o200k_base. For Claude, whose tokenizer is not public, measured on four texts, Python, PHP,
 * prose and CSV (the data sets of JOHNISKING, October 2026): Claude 4.5 1.09–1.20, Claude 5.5 1.45–1.58. Anthropic
 * says "approximately 30% more tokens" of Claude 4.7 and later (2026). For scripts other than Latin the difference is
 * larger, up to three times. For other vendors, `npm run accuracy` prints the ratio by kind of text.
 */
function factorOf(vendor: Vendor, modelId: string): number {
  if (vendor === 'anthropic') return versionOf(modelId) > 406 ? 1.6 : 1.25;
  return ['openai', 'gpt-oss', 'generic'].includes(vendor) ? 1 : 1.25;
}

/**
 * The version in the id of a Claude, GPT or Gemini model: 406 for 4.6. Infinity if the id has none, so that the model
 * counts as the newest. A date is not a version: 'claude-opus-4-20250514' is 400.
 */
export function versionOf(modelId: string): number {
  const [, major, minor = 0] =
    /(?:claude|gpt|gemini)\D{0,40}?(\d{1,2})(?!\d)(?:[-.](\d{1,2})(?!\d))?/i.exec(modelId) ?? [];
  return major ? Number(major) * 100 + Number(minor) : Infinity;
}
