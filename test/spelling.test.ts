import { describe, expect, it } from 'vitest';
import { nearest } from '../src/spelling.ts';

describe('R-36: the name that was probably meant', () => {
  it.each([
    ['stickey', ['per-turn', 'sticky', 'sticky-escalate'], 'sticky'],
    ['defualt', ['timeout', 'default'], 'default'],
    ['Round_Robbin', ['weighted', 'round-robin'], 'round-robin'],
    ['fake/lrage', ['fake/three', 'fake/large'], 'fake/large'],
    ['fkae/large', ['fake/three', 'fake/large'], 'fake/large'],
    ['openai/gpt5-mini', ['openai/gpt-5', 'openai/gpt-5-mini'], 'openai/gpt-5-mini'],
    ['openrouter/openai/gtp-5', ['openrouter/openai/gpt-5'], 'openrouter/openai/gpt-5'],
    ['large', ['other/three', 'fake/large'], 'fake/large'],
    ['fake/large', ['three', 'large'], 'large'],
    ['bb', ['a', 'b'], 'b'],
  ])('%s of %j', (word, names, meant) => {
    expect(nearest(word, names)).toBe(meant);
  });

  it.each([
    ['fake/large', ['fake/three', 'fake/tiny']], // only the provider is the same
    ['cascade/quick', ['cascade/sure']],
    ['openrouter/meta/llama', ['openrouter/meta/gemma']],
    ['a/x', ['a/y']],
    ['x', ['y']],
    ['', ['a']],
  ])('%j is none of %j', (word, names) => {
    expect(nearest(word, names)).toBeUndefined();
  });
});
