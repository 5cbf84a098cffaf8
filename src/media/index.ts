import { assertKnownOptions, check } from '../errors/errors.ts';
import type { MediaTokens } from '../tokens/call/media.ts';
import type { Vendor } from '../tokens/vendor.ts';
import { useOneOf } from '../spelling.ts';
import { imageSizeOf } from './image-size.ts';
import { imageTokens, type ImageDetail } from './image-tokens.ts';
import { at } from '../errors/place.ts';

export type { MediaModel, MediaTokens, Medium } from '../tokens/call/media.ts';
export type { ImageDetail } from './image-tokens.ts';

/** Options of `mediaTokens`. */
export interface MediaTokensOptions {
  /** The `imageDetail` that your calls set in `providerOptions.openai` of images. @default 'auto' */
  readonly detail?: ImageDetail | undefined;
}

const hasRule: readonly Vendor[] = ['openai', 'anthropic', 'google'];
const details: readonly string[] = ['auto', 'low', 'high', 'original'];

/**
 * Counts the tokens of images by width and height, as OpenAI, Anthropic and Google do for each generation of their
 * models, instead of assuming the most that an image can cost. Reads PNG, JPEG, GIF, WebP, AVIF and HEIC headers, of
 * at most half a megabyte, from bytes or base64. An image behind a URL is counted by the built-in rules, and so is
 * everything that isn't an image (the pages of a PDF can't be counted without unpacking it). Needs the package
 * `image-dimensions`.
 *
 * @param options.detail the `imageDetail` that your calls set in `providerOptions.openai` of images. @default 'auto'
 * @throws InvalidConfigurationError for an unknown detail or an unknown option
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade } from 'ai-alloy';
 * import { mediaTokens } from 'ai-alloy/media';
 *
 * export const model = cascade({
 *   mediaTokens: mediaTokens(),
 *   steps: [{ model: openai('gpt-5'), contextWindow: 400_000 }], // 1,024 × 1,024 pixels: 630 tokens
 * });
 * ```
 */
export function mediaTokens(options: MediaTokensOptions = {}): MediaTokens {
  assertKnownOptions('mediaTokens', options, ['detail']);
  const { detail = 'auto' } = options;
  check(details.includes(detail), at('mediaTokens', 'detail'), detail, useOneOf(detail, details));
  return ({ kind, data }, model) => {
    if (kind !== 'image' || !hasRule.includes(model.vendor)) return undefined;
    const size = imageSizeOf(data);
    return size && imageTokens(size, model, detail);
  };
}
