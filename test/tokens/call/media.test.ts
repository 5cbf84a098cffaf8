import { describe, expect, it } from 'vitest';
import { mediumOf, mediumTokens, type Medium } from '../../../src/tokens/call/media.ts';
import type { Vendor } from '../../../src/tokens/vendor.ts';

const bytes = new Uint8Array(48_000);
const base64 = 'A'.repeat(64_000);
const url = new URL('https://x.test/a.png');

describe('R-11: the medium in a part', () => {
  it.each([
    ['V1 image', { type: 'image', image: bytes, mimeType: 'image/png' }, 'image', 48_000, bytes],
    ['V1 image behind a URL', { type: 'image', image: url }, 'image', undefined, url],
    ['V1 file', { type: 'file', data: base64, mimeType: 'application/pdf' }, 'pdf', 48_000, base64],
    ["V1 tool's image", { type: 'image', data: base64, mimeType: 'image/png' }, 'image', 48_000, base64],
    ['V2 file', { type: 'file', data: bytes, mediaType: 'audio/wav' }, 'audio', 48_000, bytes],
    ['V2 file behind a URL', { type: 'file', data: url, mediaType: 'image/*' }, 'image', undefined, url],
    ["V2 tool's media", { type: 'media', data: base64, mediaType: 'video/mp4' }, 'video', 48_000, base64],
    ['V3 image-data', { type: 'image-data', data: base64, mediaType: 'image/png' }, 'image', 48_000, base64],
    ['V3 image-url', { type: 'image-url', url: url.href }, 'image', undefined, url.href],
    ['V3 image-file-id', { type: 'image-file-id', fileId: 'f' }, 'image', undefined, undefined],
    ['V3 file-data', { type: 'file-data', data: base64, mediaType: 'text/csv' }, 'text', 48_000, base64],
    ['V3 file-url', { type: 'file-url', url: 's3://bucket/a' }, 'file', undefined, 's3://bucket/a'],
    ['V3 file-id', { type: 'file-id', fileId: { openai: 'f' } }, 'file', undefined, undefined],
    [
      'V4 data',
      { type: 'file', mediaType: 'image', data: { type: 'data', data: bytes } },
      'image',
      48_000,
      bytes,
    ],
    ['V4 URL', { type: 'file', mediaType: 'image', data: { type: 'url', url } }, 'image', undefined, url],
    [
      'V4 reference',
      { type: 'file', mediaType: 'image', data: { type: 'reference', reference: { openai: 'f' } } },
      'image',
      undefined,
      undefined,
    ],
    [
      'V4 reasoning-file',
      { type: 'reasoning-file', mediaType: 'IMAGE/PNG', data: base64 },
      'image',
      48_000,
      base64,
    ],
    ['nothing', { type: 'file', mediaType: 'application/zip' }, 'file', undefined, undefined],
  ])('%s', (_, part, kind, size, data) => {
    const medium = mediumOf(part);
    expect(medium).toMatchObject({ kind, bytes: size });
    expect(medium.data).toBe(data);
  });

  it('a data: URL holds its bytes, as a string or as a URL', () => {
    const href = `data:image/png;base64,${'A'.repeat(400)}`;
    expect(mediumOf({ type: 'image-url', url: href }).bytes).toBe(317);
    expect(mediumOf({ type: 'file', mediaType: 'image/png', data: new URL(href) }).bytes).toBe(317);
  });

  it.each([
    ['application/json', 'text'],
    ['application/ld+json; charset=utf-8', 'text'],
    ['image/svg+xml', 'text'],
    ['application/javascript', 'text'],
    ['text', 'text'],
    ['application/octet-stream', 'file'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'file'],
  ])('%s is %s', (mediaType, kind) => {
    expect(mediumOf({ type: 'file', mediaType, data: '' }).kind).toBe(kind);
  });
});

describe('R-11: an upper number of tokens per kind and vendor', () => {
  const of = (kind: Medium['kind'], size: number | undefined): Medium => ({
    kind,
    mediaType: kind,
    bytes: size,
    data: undefined,
  });

  it.each([
    ['anthropic', 'claude-sonnet-4-6', 1680],
    ['anthropic', 'claude-3-5-sonnet-20241022', 1680],
    ['anthropic', 'claude-opus-4-7', 4864],
    ['anthropic', 'claude-haiku-5.5', 4864],
    ['google', 'gemini-2.5-flash', 8000],
    ['google', 'gemini-3-pro', 1120],
    ['google', 'gemini-flash-latest', 1120],
    ['openai', 'gpt-4o', 1445],
    ['openai', 'gpt-4.1', 1445],
    ['openai', 'gpt-5-2025-08-07', 1445],
    ['openai', 'gpt-5.1', 1445],
    ['openai', 'o3', 1445],
    ['openai', 'gpt-4o-mini', 48_169],
    ['openai', 'gpt-4.1-nano', 12_000],
    ['openai', 'gpt-5-mini', 12_000],
    ['openai', 'o4-mini', 12_000],
    ['openai', 'gpt-5.4', 12_000],
    ['openai', 'gpt-5.5', 12_000],
    ['openai', 'gpt-5.6-sol', 14_400],
    ['openai', 'gpt-6-astra', 14_400],
    ['openai', 'a-deployment', 14_400],
    ['generic', 'llava', 4784],
  ] satisfies [Vendor, string, number][])('an image for %s, %s: %d', (vendor, modelId, tokens) => {
    expect(mediumTokens(of('image', 10), { vendor, modelId })).toBe(tokens);
    expect(mediumTokens(of('image', undefined), { vendor, modelId })).toBe(tokens);
  });

  it.each([
    ['pdf', 1000, 4784],
    ['pdf', 1_600_000, 100_000],
    ['audio', 1_600_000, 100_000],
    ['video', undefined, 30_000],
    ['file', undefined, 30_000],
    ['text', 3000, 1150],
    ['text', undefined, 34_500],
  ] as const)('%s of %s bytes: %d', (kind, size, tokens) => {
    expect(mediumTokens(of(kind, size), { vendor: 'openai', modelId: 'gpt-5' })).toBe(tokens);
  });
});
