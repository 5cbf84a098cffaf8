import type { RankedEncoding } from './encodings.ts';

// A table of our own, since js-tiktoken may not be installed or loaded yet when a model is named. It has all models of
// js-tiktoken, and later ones. The first pattern that matches decides.
const families: readonly (readonly [family: RegExp, encoding: RankedEncoding])[] = [
  [/^(gpt-(4o|4\.[15]|[5-9]|oss|audio|realtime|live)|chatgpt-|codex-mini|computer-use-)/, 'o200k_base'],
  [/^o[1-9](-|$)/, 'o200k_base'],
  [/^(gpt-4|gpt-3\.5|gpt-35|text-embedding-(3-|ada-002$))/, 'cl100k_base'],
  [/^(code|text)-davinci-edit-001$/, 'p50k_edit'],
  [/^(code-(cushman|davinci)-00[12]|(cushman|davinci)-codex|davinci-002|text-davinci-00[23])$/, 'p50k_base'],
  [/^(ada|babbage|curie|davinci|babbage-002|text-(ada|babbage|curie|davinci)-001)$/, 'r50k_base'],
  [/^(text-search-\w+-doc|text-similarity-\w+|code-search-\w+-code)-001$/, 'r50k_base'],
  [/^gpt2$/, 'gpt2'],
];

/**
 * The encoding of an OpenAI model, or undefined for any other model. A provider in front of the id (`azure/gpt-4.1`, at
 * Bedrock `openai.gpt-oss-120b-1:0`) and what fine-tuning adds to it (`ft:gpt-4o:acme::x`) are ignored.
 */
export function encodingOfModel(model: string): RankedEncoding | undefined {
  const parts = model.slice(model.lastIndexOf('/') + 1).split(':');
  const id = (parts[0] === 'ft' ? parts[1] : parts[0]) ?? '';
  const own = id.replace(/^.*\bopenai\./, '');
  return families.find(([family]) => family.test(own))?.[1];
}
