import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../src/errors/errors.ts';
import { mediaTokens, type ImageDetail } from '../../src/media/index.ts';
import { mediumOf, mediumTokens } from '../../src/tokens/call/media.ts';
import { tokenizerOf } from '../../src/tokens/vendor.ts';
import { png } from './headers.ts';

const tokensOf = (
  modelId: string,
  width: number,
  height: number,
  detail: ImageDetail = 'auto',
): number | undefined => {
  const medium = mediumOf({ type: 'file', mediaType: 'image/png', data: new Uint8Array(png(width, height)) });
  return mediaTokens({ detail })(medium, tokenizerOf({ modelId }));
};

describe('R-11: an image counts by its size, as its vendor says', () => {
  it.each([
    ['gpt-4o', 1024, 1024, 765],
    ['gpt-4o', 2048, 4096, 1105],
    ['gpt-4.1', 1024, 1024, 765],
    ['gpt-5', 1024, 1024, 630],
    ['gpt-5.1', 512, 512, 210],
    ['o3', 1024, 1024, 675],
    ['gpt-4o-mini', 1024, 1024, 25_501],
    ['gpt-4o', 100, 100, 255], // nothing is scaled up
    ['gpt-4o', 20_000, 10, 765],
    ['gpt-4.1-mini', 1024, 1024, 1659],
    ['gpt-4.1-nano', 1024, 1024, 2520],
    ['o4-mini', 1024, 1024, 1762],
    ['gpt-5-nano', 1024, 1024, 1536],
    ['gpt-5.4', 1024, 1024, 1229],
    ['gpt-5.4', 2048, 2048, 3000],
    ['gpt-5.5', 1024, 1024, 1229],
    ['gpt-5.5', 3840, 2160, 9792],
    ['gpt-6-astra', 256, 256, 77],
    ['gpt-6-astra', 3840, 2160, 9792],
    ['gpt-6-astra', 4032, 3024, 14_364],
  ])('OpenAI, %s: %d × %d are %d', (modelId, width, height, tokens) => {
    expect(tokensOf(modelId, width, height)).toBe(tokens);
  });

  it.each([
    ['gpt-4o', 'low', 2048, 4096, 85],
    ['gpt-4o', 'high', 2048, 4096, 1105],
    ['gpt-5.4', 'original', 3840, 2160, 9792],
    ['gpt-5.4', 'low', 2048, 2048, 4916],
    ['gpt-6-astra', 'low', 1024, 1024, 308],
    ['gpt-6-astra', 'high', 2048, 2048, 3000],
  ] as const)('OpenAI, %s with detail %s: %d × %d are %d', (modelId, detail, width, height, tokens) => {
    expect(tokensOf(modelId, width, height, detail)).toBe(tokens);
  });

  // Anthropic's documentation counts patches; 80 are for what was measured around an image.
  it.each([
    ['claude-sonnet-4-5', 200, 200, 64],
    ['claude-sonnet-4-5', 1000, 1000, 1296],
    ['claude-sonnet-4-5', 1092, 1092, 1521],
    ['claude-sonnet-4-5', 3840, 2160, 1600], // 1,560 in the documentation, 1,592 measured
    ['claude-opus-4-7', 1920, 1080, 2691],
    ['claude-opus-5.5', 3840, 2160, 4784],
    ['claude-opus-5.5', 20_000, 100, 92],
  ])('Anthropic, %s: %d × %d are %d patches', (modelId, width, height, patches) => {
    expect(tokensOf(modelId, width, height)).toBe(patches + 80);
  });

  it.each([
    ['gemini-2.5-flash', 384, 384, 258],
    ['gemini-2.5-flash', 960, 540, 258 * 7], // 6 tiles in the documentation, and one that was measured
    ['gemini-1.5-pro', 4032, 3024, 258 * 25],
    ['gemini-3-pro', 100, 100, 1120],
    ['gemini-3.8-flash', 4032, 3024, 1120],
  ])('Gemini, %s: %d × %d are %d', (modelId, width, height, tokens) => {
    expect(tokensOf(modelId, width, height)).toBe(tokens);
  });

  it('the built-in rules are no lower, up to 12 megapixels', () => {
    const models =
      'gpt-4o gpt-4o-mini gpt-4.1-mini gpt-4.1-nano o3 o4-mini gpt-5 gpt-5-mini gpt-5-nano gpt-5-codex gpt-5.2 gpt-5.4 ' +
      'gpt-5.4-nano gpt-5.5 gpt-5.6-sol gpt-6-astra claude-3-haiku-20240307 claude-sonnet-4-6 claude-opus-4-7 ' +
      'gemini-2.5-pro gemini-3-pro';
    const side = fc.integer({ min: 1, max: 4032 });
    const details = fc.constantFrom<ImageDetail>('auto', 'low', 'high', 'original');
    fc.assert(
      fc.property(
        fc.constantFrom(...models.split(' ')),
        side,
        side,
        details,
        (modelId, width, height, detail) => {
          fc.pre(width * height <= 12_200_000);
          fc.pre(!modelId.startsWith('gemini-2') || Math.max(width, height) <= 2 * Math.min(width, height));
          const tokens = tokensOf(modelId, width, height, detail)!;
          const most = mediumTokens(mediumOf({ type: 'image' }), tokenizerOf({ modelId }));
          expect(tokens).toBeGreaterThan(0);
          expect(tokens).toBeLessThanOrEqual(most);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('R-11: what isn’t known better is left to the built-in rules', () => {
  const model = tokenizerOf({ modelId: 'gpt-5' });

  it.each([
    ['an image behind a URL', { type: 'image-url', url: 'https://x.test/a.png' }],
    ['an image of which the provider has the file', { type: 'image-file-id', fileId: 'f' }],
    ['an image that says nothing of its size', { type: 'image', image: new Uint8Array(100) }],
    ['a PDF', { type: 'file', mediaType: 'application/pdf', data: '%PDF-1.7 /Type /Page' }],
    ['text', { type: 'file', mediaType: 'text/csv', data: 'a,b' }],
  ])('%s', (_, part) => {
    expect(mediaTokens()(mediumOf(part), model)).toBeUndefined();
  });

  it('a model of another vendor', () => {
    expect(tokensOf('llava', 640, 480)).toBeUndefined();
  });

  it.each([
    ['mediaTokens.detail', { detail: 'highest' }],
    ['mediaTokens.resolution', { resolution: 'high' }],
    ['mediaTokens', null],
  ])('%s is checked', (option, options) => {
    const create = (): unknown => mediaTokens(options as never);
    expect(create).toThrow(InvalidConfigurationError);
    expect(create).toThrow(option);
  });
});
