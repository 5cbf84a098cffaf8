import { describe, expect, it } from 'vitest';
import { walkCall } from '../../src/tokens/walk-call.ts';
import type { Call } from '../../src/index.ts';

const base = 8; // per call
const message = 4;
const image = 4784;

const walk = (content: unknown, options: object = {}): ReturnType<typeof walkCall> =>
  walkCall({ prompt: [{ role: 'user', content }], ...options } as unknown as Call);

describe('R-11: everything that the model will read is counted', () => {
  it('framing per call and message, and text in strings and parts', () => {
    const call = {
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      ],
    };
    expect(walkCall(call)).toEqual({ leaves: ['Be brief.', 'Hello'], fixedTokens: base + 2 * message });
  });

  it('reasoning, also redacted (V1)', () => {
    const parts = [
      { type: 'reasoning', text: 'hmm', providerOptions: { x: { signature: 'not read as text' } } },
      { type: 'redacted-reasoning', data: 'opaque' },
    ];
    expect(walk(parts).leaves).toEqual(['hmm', 'opaque']);
  });

  it('tool calls: V1 has args, V2 to V4 input', () => {
    const input = { city: 'Bern' };
    const parts = [
      { type: 'tool-call', toolCallId: '1', toolName: 'weather', args: input },
      { type: 'tool-call', toolCallId: '2', toolName: 'weather', input },
    ];
    expect(walk(parts)).toEqual({
      leaves: ['weather', input, 'weather', input],
      fixedTokens: base + message + 2 * 6,
    });
  });

  it.each([
    ['V1 result', { result: { sun: true } }, [{ sun: true }]],
    [
      'V1 content',
      { result: [{ type: 'text', text: 'sunny' }], content: [{ type: 'text', text: 'sunny' }] },
      ['sunny'],
    ],
    ['text', { output: { type: 'text', value: 'sunny' } }, ['sunny']],
    ['json', { output: { type: 'json', value: { sun: true } } }, [{ sun: true }]],
    ['error', { output: { type: 'error-text', value: 'no such city' } }, ['no such city']],
    ['denied', { output: { type: 'execution-denied', reason: 'not now' } }, ['not now']],
    ['content', { output: { type: 'content', value: [{ type: 'text', text: 'sunny' }] } }, ['sunny']],
  ])('tool results: %s', (_, part, leaves) => {
    expect(walk([{ type: 'tool-result', toolCallId: '1', toolName: 'weather', ...part }]).leaves).toEqual([
      'weather',
      ...leaves,
    ]);
  });

  it.each([
    ['V1 image', { type: 'image', image: new Uint8Array(9_000_000) }, image],
    ['V1 image behind a URL', { type: 'image', image: new URL('https://x.test/a.png') }, image],
    ['image file', { type: 'file', mediaType: 'image/png', data: new Uint8Array(10) }, image],
    [
      'V4 tagged image of a bare kind',
      { type: 'file', mediaType: 'image', data: { type: 'url', url: 'https://x.test' } },
      image,
    ],
    ['small PDF', { type: 'file', mediaType: 'application/pdf', data: new Uint8Array(1000) }, image],
    [
      'PDF of 1.6 MB',
      { type: 'file', mediaType: 'application/pdf', data: new Uint8Array(1_600_000) },
      100_000,
    ],
    [
      'the same as base64',
      { type: 'file', mimeType: 'application/pdf', data: 'A'.repeat(2_133_334) },
      100_001,
    ],
    [
      'the same, tagged by V4',
      { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: new Uint8Array(1_600_000) } },
      100_000,
    ],
    [
      'PDF behind a URL',
      { type: 'file', mediaType: 'application/pdf', data: new URL('https://x.test/a.pdf') },
      30_000,
    ],
    ['V3 file URL', { type: 'file-url', url: 'https://x.test/a.pdf' }, 30_000],
    ["provider's file id", { type: 'file-id', fileId: 'file-1' }, 30_000],
    ['SVG is text', { type: 'file', mediaType: 'image/svg+xml', data: new Uint8Array(30_000) }, 11_500],
    ['text file', { type: 'file', mediaType: 'text/csv', data: new Uint8Array(300) }, 115],
  ])('media by a stated rule, never as text: %s', (_, part, tokens) => {
    expect(walk([part])).toEqual({ leaves: [], fixedTokens: base + message + tokens });
  });

  it('V4 file data that is inline text is text', () => {
    const parts = [
      { type: 'file', mediaType: 'text/plain', filename: 'a.txt', data: { type: 'text', text: 'inline' } },
    ];
    expect(walk(parts).leaves).toEqual(['inline', 'a.txt']);
  });

  it('media inside tool results', () => {
    const value = [{ type: 'media', mediaType: 'image/png', data: 'iVBORw0KGgo' }];
    const parts = [{ type: 'tool-result', toolName: 'draw', output: { type: 'content', value } }];
    expect(walk(parts)).toEqual({ leaves: ['draw'], fixedTokens: base + message + 6 + image });
  });

  it('redacted reasoning of V2 to V4, which is in the provider options', () => {
    const providerOptions = { anthropic: { redactedData: 'opaque' } };
    expect(walk([{ type: 'reasoning', text: '', providerOptions }]).leaves).toEqual([providerOptions]);
  });

  it('a V1 tool result with an empty content list', () => {
    const part = { type: 'tool-result', toolName: 'weather', result: { sun: true }, content: [] };
    expect(walk([part]).leaves).toEqual(['weather', { sun: true }]);
  });

  it('parts of an unknown kind that have a URL or data, too', () => {
    const parts = [
      { type: 'search-result', url: 'https://x.test', text: 'long' },
      { type: 'custom', data: { note: 'long' } },
    ];
    expect(walk(parts).leaves).toEqual(parts);
  });

  it('parts of a kind that is not known yet, as their JSON', () => {
    const part = { type: 'custom', kind: 'acme.memory', note: 'remember' };
    expect(walk([part]).leaves).toEqual([part]);
  });

  it('tool definitions and response schemas: top level from V2, inside mode in V1', () => {
    const tool = { type: 'function', name: 'weather', inputSchema: { type: 'object' } };
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const framing = base + message + 32 + 8;
    const plain = { leaves: [tool, schema, 'Hi'], fixedTokens: framing };
    expect(walk('Hi', { tools: [tool], responseFormat: { type: 'json', schema } })).toEqual(plain);
    expect(walk('Hi', { mode: { type: 'regular', tools: [tool] } }).leaves).toEqual([tool, 'Hi']);
    expect(walk('Hi', { mode: { type: 'object-tool', tool } })).toEqual({
      leaves: [tool, 'Hi'],
      fixedTokens: framing,
    });
    expect(walk('Hi', { mode: { type: 'object-json', schema } }).leaves).toEqual([schema, 'Hi']);
  });
});
