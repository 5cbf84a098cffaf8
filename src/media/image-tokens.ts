import type { MediaModel } from '../tokens/call/media.ts';
import { versionOf } from '../tokens/vendor.ts';
import type { ImageSize } from './image-size.ts';

/** The detail with which OpenAI's models read an image: `imageDetail` in an image's `providerOptions`. */
export type ImageDetail = 'auto' | 'low' | 'high' | 'original';

/** Tokens of an image of this size; undefined if the vendor's rule isn't known. */
export function imageTokens(
  size: ImageSize,
  { vendor, modelId }: MediaModel,
  detail: ImageDetail,
): number | undefined {
  const version = versionOf(modelId);
  if (vendor === 'anthropic') return anthropic(size, version);
  if (vendor === 'google') return gemini(size, version);
  return vendor === 'openai' ? openai(size, modelId.toLowerCase(), version, detail) : undefined;
}

/**
 * Patches of 28 × 28 pixels, after scaling down to a long edge and a number of patches: 1,568 px and 1,568, from
 * Claude 4.7 on 2,576 px and 4,784 (platform.claude.com, "Vision", 2026). Measured: up to 1,596 of the former, and
 * 65 (77) tokens more around each image (JOHNISKING/image-token-cost, October 2026).
 */
function anthropic(size: ImageSize, version: number): number {
  const [edge, most] = version > 406 ? [2576, 4784] : [1568, 1600];
  return Math.min(most, gridOf(fit(size, edge), 28)) + 80;
}

/**
 * Up to 2.5: 258 if both sides are within 384 px, else 258 per tile; a tile's side is the short side ÷ 1.5, within 256
 * and 768 px (ai.google.dev, "Image understanding", 2025; cloud.google.com, 2024). Measured on 1,980 × 1,380: more
 * than the 6 tiles of that (discuss.ai.google.dev/t/70143, 2025), so one more is charged; Gemini 2.5 is often charged
 * for a single one. From 3 on: a budget of 1,120 unless `mediaResolution` says otherwise (ai.google.dev, 2026).
 */
function gemini(size: ImageSize, version: number): number {
  if (version >= 300) return 1120;
  const { width, height } = size;
  if (Math.max(width, height) <= 384) return 258;
  const side = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
  return 258 * (gridOf(size, side) + 1);
}

/** Base and tokens per tile of 512 × 512 pixels (developers.openai.com, "Images and vision", 2026). */
const tiled: readonly (readonly [models: RegExp, base: number, perTile: number])[] = [
  [/4o-mini/, 2833, 5667],
  [/\bo[13]\b/, 75, 150],
  [/gpt-5(?!\.[2-9]|\.\d\d|-mini|-nano|.*codex)/, 70, 140],
  [/gpt-[34](?!\.1-(mini|nano))/, 85, 170],
];

/** Tokens per patch of 32 × 32 pixels, for models where it isn't 1.2 (the same source, 2026). */
const perPatch: readonly (readonly [models: RegExp, tokens: number])[] = [
  [/4\.1-mini/, 1.62],
  [/4\.1-nano/, 2.46],
  [/o4-mini|codex-mini-latest/, 1.72],
  [/5-nano/, 1.5],
];

function openai(size: ImageSize, modelId: string, version: number, detail: ImageDetail): number {
  const [, base, perTile] = tiled.find(([models]) => models.test(modelId)) ?? [];
  if (base !== undefined && perTile !== undefined) {
    if (detail === 'low') return base;
    const fitted = fit(size, 2048);
    const short = Math.min(fitted.width, fitted.height);
    return base + perTile * gridOf(fit(fitted, (768 / short) * Math.max(fitted.width, fitted.height)), 512);
  }
  const [, factor = 1.2] = perPatch.find(([models]) => models.test(modelId)) ?? [];
  const [edge, most] = /\bo4|codex-mini-latest/.test(modelId) ? older : limitsOf(version, detail);
  return Math.ceil(Math.min(most, gridOf(fit(size, edge), 32)) * factor);
}

const older: readonly [edge: number, patches: number] = [2048, 6144];

/**
 * Longest side in pixels and number of patches that an image is scaled down to (the same source, 2026). GPT-5.6 and
 * later keep an image as it is by default; they reject one of more than 30,000 patches.
 */
function limitsOf(version: number, detail: ImageDetail): readonly [edge: number, patches: number] {
  if (version < 504) return older;
  const chosen = detail === 'auto' ? (version > 504 ? 'original' : 'high') : detail;
  if (chosen === 'high') return [2048, 2500];
  if (chosen === 'low') return version > 504 ? [512, Infinity] : older;
  return version > 505 ? [65_535, Infinity] : [6000, 10_000];
}

/** Scaled down to `edge` pixels on the long side, in whole pixels, never up. */
function fit({ width, height }: ImageSize, edge: number): ImageSize {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** How many squares with this side cover the image. */
function gridOf({ width, height }: ImageSize, side: number): number {
  return Math.ceil(width / side) * Math.ceil(height / side);
}
