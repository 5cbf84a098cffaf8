import type { UnmatchedRule } from '../decision.ts';
import { flag, milliseconds, name, tokens, type DocsOf, type Kind } from './kinds.ts';

export const rule: Readonly<Record<'id' | 'when' | 'whenMs' | 'target' | 'fitsTarget', Kind>> = {
  id: name,
  when: { type: 'when' },
  whenMs: milliseconds,
  target: { type: 'member' },
  fitsTarget: flag,
};

export const ruleDocs: DocsOf<typeof rule> = {
  id: { sentence: 'Names the rule in decisions.' },
  when: { sentence: 'The conditions. All of them must hold for a request.' },
  whenMs: {
    sentence: 'How many milliseconds to wait for the answer of an asynchronous predicate.',
    default: 5000,
  },
  target: { sentence: 'The member that requests go to if the rule matches.' },
  fitsTarget: { sentence: 'Whether the rule matches only requests that fit its target.', default: false },
};

export const between: Readonly<Record<'from' | 'to' | 'timeZone', Kind>> = {
  from: { type: 'time' },
  to: { type: 'time' },
  timeZone: { type: 'zone' },
};

export const betweenDocs: DocsOf<typeof between> = {
  from: { sentence: 'The first minute, such as "22:00".' },
  to: {
    sentence: 'The end: the first minute after the period. Earlier than from if the period spans midnight.',
  },
  timeZone: { sentence: 'A time zone of the IANA database, such as Europe/Berlin.' },
};

type Condition = Exclude<
  UnmatchedRule['because'],
  'predicate-error' | 'predicate-timeout' | 'fitsTarget' | 'excluded'
>;

export const when: Readonly<Record<Condition, Kind>> = {
  maxInputTokens: tokens,
  minInputTokens: tokens,
  hasTools: flag,
  hasImages: flag,
  hasFiles: flag,
  responseFormat: { type: 'word', words: ['text', 'json'] },
  metadata: { type: 'metadata' },
  text: { type: 'text' },
  between: { type: 'between' },
  predicate: { type: 'function', remedy: 'pass a function' },
};

export const whenDocs: DocsOf<typeof when> = {
  maxInputTokens: { sentence: 'The request has at most this many input tokens.' },
  minInputTokens: { sentence: 'The request has at least this many input tokens.' },
  hasTools: { sentence: 'Whether the call has tools.' },
  hasImages: { sentence: 'Whether a message contains an image.' },
  hasFiles: { sentence: 'Whether a message contains a file that is no image.' },
  responseFormat: { sentence: 'The response format that the call asks for.' },
  metadata: {
    sentence:
      'Values that the application sets for the request in providerOptions["ai-alloy"]. With a list, one of its values.',
  },
  text: { sentence: 'Text that the last user message contains, in the same capitalisation.' },
  between: { sentence: 'A time of day.' },
  predicate: {
    sentence:
      'A function that is given the request and returns whether the rule matches, or a promise of that.',
  },
};
