import { getEncodingNameForModel } from 'js-tiktoken/lite';
import type { TiktokenEncoding } from './encodings.ts';

// Of models that js-tiktoken doesn't know yet, as in the Python package's list of prefixes, and on from there.
// The first that matches is it.
const families: readonly (readonly [family: RegExp, encoding: TiktokenEncoding])[] = [
  [/^(gpt-4o|gpt-4\.1|gpt-4\.5|gpt-5|gpt-6|chatgpt-|gpt-oss)/, 'o200k_base'],
  [/^o[134](-|$)/, 'o200k_base'],
  [/^(gpt-4|gpt-3\.5|gpt-35)/, 'cl100k_base'],
];

/**
 * The encoding of an OpenAI model, or undefined for a model that isn't known as one. A provider in front of the
 * id (`azure/gpt-4.1`) and what a fine-tuned model's id adds to its base's (`ft:gpt-4o:acme::x`) have no say.
 */
export function encodingOfModel(model: string): TiktokenEncoding | undefined {
  const parts = model.slice(model.lastIndexOf('/') + 1).split(':');
  const id = (parts[0] === 'ft' ? parts[1] : parts[0]) ?? '';
  try {
    return getEncodingNameForModel(id as Parameters<typeof getEncodingNameForModel>[0]);
  } catch {
    return families.find(([family]) => family.test(id))?.[1];
  }
}
