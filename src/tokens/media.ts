import { roundUp } from './ratio.ts';

/**
 * Tokens to charge for a file, by one upper rule per kind, since what providers go by (dimensions, pages,
 * seconds) is not in a call. From the vendors' documentation as of 2026:
 *
 * - an image: 4,784, Anthropic's cap for high-resolution images; OpenAI's and Gemini's usual ones are below;
 * - text: as `byteRatio()`;
 * - anything else: a token per 16 bytes, at least an image's. PDF: up to 3,000 per page (Anthropic), of some
 *   50 kB; audio: 32 per second (Gemini), of 2 kB or more; video: 263 per second (Gemini), of 30 kB or more;
 * - behind a URL or a provider's file id, so of unknown size: 30,000, ten pages.
 *
 * @param mediaType `image/png`, or what a part says of itself: `image`, `image-url`, `file`
 */
export function mediumTokens(mediaType: string, bytes: number | undefined): number {
  if (/^text\/|[/+](json|xml|yaml)$/.test(mediaType)) return roundUp(bytes ?? 90_000, 3, 1.15);
  if (mediaType.startsWith('image')) return perImage;
  if (bytes === undefined) return 30_000;
  return Math.max(perImage, Math.ceil(bytes / 16));
}

const perImage = 4784;
