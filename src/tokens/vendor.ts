/** Whose tokenizer a model has, as far as it matters for counting. */
export type Vendor = 'openai' | 'anthropic' | 'google' | 'generic';

/** A vendor, or a factor: the model's tokens for each of o200k_base. */
export type VendorOption = Vendor | number;

/** What tells whose a model is. */
export interface ModelName {
  readonly provider?: string;
  readonly modelId?: string;
}

/** What a model makes of text. */
export interface Tokenizer {
  readonly vendor: Vendor;
  /** The model's tokens for each of o200k_base, on the safe side. */
  readonly factor: number;
  readonly modelId: string;
}

/** Whether `value` can be a `vendor` option. */
export function isVendor(value: unknown): value is VendorOption {
  return typeof value === 'number' ? value > 0 && value < Infinity : vendors.includes(value as Vendor);
}

/** Every vendor that can be named. */
export const vendors: readonly Vendor[] = ['openai', 'anthropic', 'google', 'generic'];

/** A model's tokenizer, as its `vendor` option says, else as its ids tell. */
export function tokenizerOf(
  { provider = '', modelId = '' }: ModelName,
  option?: VendorOption | undefined,
): Tokenizer {
  const vendor = typeof option === 'string' ? option : recognise(provider, modelId.toLowerCase());
  const factor = typeof option === 'number' ? option : factorOf(vendor, modelId);
  return { vendor, factor, modelId };
}

// The id of the model comes first: it survives gateways ('anthropic/claude-…'), Bedrock ('us.anthropic.claude-…')
// and fine-tuning ('ft:gpt-…'), and `createOpenAI({ baseURL })` calls itself 'openai.chat' in front of any server.
function recognise(provider: string, modelId: string): Vendor {
  if (provider.startsWith('google.') && /gemma/.test(modelId)) return 'google'; // it has much the same tokenizer
  if (otherFamilies.test(modelId)) return 'generic'; // also a Qwen that was taught by Claude
  const [, family] = /(?:^|[^a-z])(claude|gemini)/.exec(modelId) ?? [];
  if (family) return family === 'claude' ? 'anthropic' : 'google';
  if (/(?:^|[/.:])(gpt-[\do]|chatgpt-|o\d\b)/.test(modelId)) return 'openai';
  if (provider.startsWith('google.')) return 'google';
  if (/\banthropic\b|^claude-code/.test(provider)) return 'anthropic';
  return /^(azure-openai|azure|openai)(\.|$)/.test(provider) ? 'openai' : 'generic';
}

const otherFamilies =
  /qwen|llama|mi[sx]tral|(codes|devs|magis|minis|pix)tral|deepseek|kimi|gemma|\bphi|grok|\bglm|minimax|granite|nemotron|command-/;

/**
 * Tokens per token of o200k_base. Measured on four texts, Python, PHP, prose and CSV (the data sets of JOHNISKING,
 * October 2026): Claude 4.5 1.09–1.20, Claude 5.5 1.45–1.58, Gemini 3 1.09–1.24. Anthropic says "approximately 30%
 * more tokens" of Claude 4.7 and later (2026). Scripts beyond Latin are further apart, up to three times.
 */
function factorOf(vendor: Vendor, modelId: string): number {
  if (vendor === 'anthropic') return versionOf(modelId) > 406 ? 1.6 : 1.25;
  return vendor === 'google' ? 1.25 : 1;
}

/**
 * The version in the id of a Claude, GPT or Gemini model: 406 for 4.6. Infinity where none is told, so that it
 * passes for the newest. A date is no version: 'claude-opus-4-20250514' is 400.
 */
export function versionOf(modelId: string): number {
  const [, major, minor = 0] =
    /(?:claude|gpt|gemini)\D{0,40}?(\d{1,2})(?!\d)(?:[-.](\d{1,2})(?!\d))?/i.exec(modelId) ?? [];
  return major ? Number(major) * 100 + Number(minor) : Infinity;
}
