import { describe, expect, it } from 'vitest';
import { walkCall } from '../../../src/tokens/call/walk-call.ts';
import type { Call } from '../../../src/index.ts';

const walk = (content: unknown, options: object = {}): ReturnType<typeof walkCall> =>
  walkCall({ prompt: [{ role: 'user', content }], ...options } as unknown as Call);

describe('R-11: everything that the model will read is counted', () => {
  it('text in strings and parts', () => {
    const call = {
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      ],
    };
    expect(walkCall(call)).toMatchObject({
      leaves: ['Be brief.', 'Hello'],
      tools: 0,
      toolParts: 0,
      opening: 1, // after the system message
    });
  });

  it('reasoning, also redacted (V1)', () => {
    const parts = [
      { type: 'reasoning', text: 'hmm', providerOptions: { x: { signature: 'not read as text' } } },
      { type: 'redacted-reasoning', data: 'opaque' },
    ];
    const { leaves, optional } = walk(parts);
    expect(leaves).toEqual(['hmm', 'opaque']);
    expect([...optional]).toEqual([0, 1]);
  });

  it('tool calls: V1 has args, V2 to V4 input', () => {
    const input = { city: 'Bern' };
    const parts = [
      { type: 'tool-call', toolCallId: '1', toolName: 'weather', args: input },
      { type: 'tool-call', toolCallId: '2', toolName: 'weather', input },
    ];
    expect(walk(parts)).toMatchObject({
      leaves: ['weather', input, 'weather', input],
      toolParts: 2,
    });
  });

  it.each([
    ['V1 result', { result: { sun: true } }, ['{"sun":true}']],
    [
      'V1 content',
      { result: [{ type: 'text', text: 'sunny' }], content: [{ type: 'text', text: 'sunny' }] },
      ['sunny'],
    ],
    ['text', { output: { type: 'text', value: 'sunny' } }, ['sunny']],
    ['json', { output: { type: 'json', value: { sun: true } } }, ['{"sun":true}']],
    ['error', { output: { type: 'error-text', value: 'no such city' } }, ['no such city']],
    ['denied', { output: { type: 'execution-denied', reason: 'not now' } }, ['not now']],
    ['content', { output: { type: 'content', value: [{ type: 'text', text: 'sunny' }] } }, ['sunny']],
  ])('tool results: %s', (_, part, leaves) => {
    expect(walk([{ type: 'tool-result', toolCallId: '1', toolName: 'weather', ...part }]).leaves).toEqual([
      'weather',
      ...leaves,
    ]);
  });

  const bytes = new Uint8Array(10);
  it.each([
    ['V1 image', { type: 'image', image: bytes }, bytes, 'image'],
    ['base64', { type: 'file', mimeType: 'application/pdf', data: 'JVBERi0=' }, 'JVBERi0=', 'pdf'],
    ['V4 tagged', { type: 'file', mediaType: 'image', data: { type: 'data', data: bytes } }, bytes, 'image'],
    [
      'a URL',
      { type: 'file', mediaType: 'audio/mpeg', data: new URL('https://x.test/a.mp3') },
      'https://x.test/a.mp3',
      'audio',
    ],
    ['V3 file URL', { type: 'file-url', url: 'https://x.test/a.pdf' }, 'https://x.test/a.pdf', 'file'],
    ["a provider's file id", { type: 'file-id', fileId: '1' }, '{"type":"file-id","fileId":"1"}', 'file'],
  ])('media, told apart by their data, and never as text: %s', (_, part, leaf, kind) => {
    const { leaves, media } = walk([{ type: 'text', text: 'Look:' }, part]);
    expect(leaves).toEqual(['Look:', expect.stringMatching(/^\0\w/), leaf]);
    expect([...media]).toEqual([
      [1, undefined], // its type
      [2, expect.objectContaining({ kind })],
    ]);
  });

  it.each([
    ['bytes', new TextEncoder().encode('a,b\n1,2')],
    ['base64', btoa('a,b\n1,2')],
    ['a data URL', `data:text/csv;base64,${btoa('a,b\n1,2')}`],
  ])('a text file is its text: %s', (_, data) => {
    const { leaves, media } = walk([{ type: 'file', mediaType: 'text/csv', data }]);
    expect(leaves).toEqual(['a,b\n1,2']);
    expect(media.size).toBe(0);
  });

  it('a text file that is not UTF-8, or elsewhere, goes by its size', () => {
    const latin1 = new Uint8Array([0xe9, 0x20, 0xe8]);
    for (const data of [latin1, '%%%', new URL('https://x.test/a.csv')]) {
      expect([...walk([{ type: 'file', mediaType: 'text/csv', data }]).media.keys()]).toEqual([0, 1]);
    }
  });

  it('what a provider executed it may not be sent again: optional, call and result', () => {
    const call = { type: 'tool-call', toolName: 'search', input: { q: 'x' }, providerExecuted: true };
    const result = { type: 'tool-result', toolName: 'search', output: { type: 'json', value: [1] } };
    const { leaves, optional } = walkCall({
      prompt: [
        { role: 'user', content: [{ type: 'text', text: 'Find x.' }] },
        { role: 'assistant', content: [call, result] },
        { role: 'tool', content: [result] }, // this one the application sends
      ],
    });
    expect(leaves).toEqual(['Find x.', 'search', { q: 'x' }, 'search', '[1]', 'search', '[1]']);
    expect([...optional]).toEqual([1, 2, 3, 4]);
  });

  it('what holds nothing leaves no mark on what comes after it', () => {
    const { leaves, optional, media } = walk([
      { type: 'reasoning' },
      { type: 'file', mediaType: 'image/png', data: undefined },
      { type: 'text', text: 'all of it' },
    ]);
    const last = leaves.length - 1;
    expect(leaves[last]).toBe('all of it');
    expect({ isOptional: optional.has(last), isMedium: media.has(last) }).toEqual({
      isOptional: false,
      isMedium: false,
    });
  });

  it('V4 file data that is inline text is text', () => {
    const parts = [
      { type: 'file', mediaType: 'text/plain', filename: 'a.txt', data: { type: 'text', text: 'inline' } },
    ];
    const { leaves, optional } = walk(parts);
    expect(leaves).toEqual(['inline', 'a.txt']);
    expect([...optional]).toEqual([1]); // the name
  });

  it('media inside tool results', () => {
    const value = [{ type: 'media', mediaType: 'image/png', data: 'iVBORw0KGgo' }];
    const parts = [{ type: 'tool-result', toolName: 'draw', output: { type: 'content', value } }];
    const { leaves, media } = walk(parts);
    expect(leaves).toEqual(['draw', '\0image/png', 'iVBORw0KGgo']);
    expect([...media.keys()]).toEqual([1, 2]);
  });

  it('redacted reasoning of V2 to V4, which is in the provider options', () => {
    const providerOptions = { anthropic: { redactedData: 'opaque' } };
    expect(walk([{ type: 'reasoning', text: '', providerOptions }]).leaves).toEqual([
      JSON.stringify(providerOptions),
    ]);
  });

  it('a V1 tool result with an empty content list', () => {
    const part = { type: 'tool-result', toolName: 'weather', result: { sun: true }, content: [] };
    expect(walk([part]).leaves).toEqual(['weather', '{"sun":true}']);
  });

  it('parts of an unknown kind that have a URL or data, too', () => {
    const parts = [
      { type: 'search-result', url: 'https://x.test', text: 'long' },
      { type: 'custom', data: { note: 'long' } },
    ];
    expect(walk(parts).leaves).toEqual(parts.map((part) => JSON.stringify(part)));
  });

  it('parts of a kind that is not known yet, as their JSON', () => {
    const part = { type: 'custom', kind: 'acme.memory', note: 'remember' };
    expect(walk([part]).leaves).toEqual([JSON.stringify(part)]);
  });

  it('tool definitions and response schemas: top level from V2, inside mode in V1', () => {
    const tool = { type: 'function', name: 'weather', inputSchema: { type: 'object' } };
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    expect(walk('Hi', { tools: [tool], responseFormat: { type: 'json', schema } })).toMatchObject({
      leaves: ['Hi'],
      schemas: [tool, schema],
      tools: 1,
    });
    expect(walk('Hi', { mode: { type: 'regular', tools: [tool] } }).schemas).toEqual([tool]);
    expect(walk('Hi', { mode: { type: 'object-tool', tool } })).toMatchObject({ schemas: [tool], tools: 1 });
    expect(walk('Hi', { mode: { type: 'object-json', schema } }).schemas).toEqual([schema]);
  });
});
