import { flag, name, tokens, type DocsOf, type Kind } from './kinds.ts';

export const rule: Readonly<Record<'id' | 'when' | 'target' | 'fitsTarget', Kind>> = {
  id: name,
  when: { type: 'when' },
  target: { type: 'member' },
  fitsTarget: flag,
};

export const ruleDocs: DocsOf<typeof rule> = {
  id: { sentence: 'Names the rule in decisions.' },
  when: { sentence: 'What has to hold of a request, all of it.' },
  target: { sentence: 'Where to send it.' },
  fitsTarget: { sentence: 'Whether the rule matches only what its target can hold.', default: false },
};

export const between: Readonly<Record<'from' | 'to' | 'timeZone', Kind>> = {
  from: { type: 'time' },
  to: { type: 'time' },
  timeZone: { type: 'zone' },
};

export const betweenDocs: DocsOf<typeof between> = {
  from: { sentence: 'The first minute, such as "22:00".' },
  to: { sentence: 'The first minute that is no longer in it; before from, if over midnight.' },
  timeZone: { sentence: 'A time zone of the IANA database, such as Europe/Berlin.' },
};

export const when: Readonly<
  Record<
    | 'maxInputTokens'
    | 'minInputTokens'
    | 'hasTools'
    | 'hasImages'
    | 'hasFiles'
    | 'responseFormat'
    | 'metadata'
    | 'text'
    | 'between'
    | 'predicate',
    Kind
  >
> = {
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
  maxInputTokens: { sentence: 'At most so many input tokens.' },
  minInputTokens: { sentence: 'At least so many input tokens.' },
  hasTools: { sentence: 'Whether the call has tools.' },
  hasImages: { sentence: 'Whether a message holds an image.' },
  hasFiles: { sentence: 'Whether a message holds a file that is no image.' },
  responseFormat: { sentence: 'What kind of answer the call asks for.' },
  metadata: {
    sentence:
      'What the application said of the request in providerOptions["ai-alloy"]: values, or lists of them.',
  },
  text: { sentence: 'What the last user message contains, in this very spelling.' },
  between: { sentence: 'A time of day.' },
  predicate: { sentence: 'Anything else, as a function of the request.' },
};
