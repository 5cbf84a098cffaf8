import { flag, tokens, type DocsOf, type Kind } from './kinds.ts';

/** Settings of calls that a member may have defaults for. */
export const settings: Readonly<
  Record<
    | 'temperature'
    | 'topP'
    | 'topK'
    | 'maxOutputTokens'
    | 'stopSequences'
    | 'seed'
    | 'presencePenalty'
    | 'frequencyPenalty'
    | 'reasoning'
    | 'providerOptions'
    | 'headers',
    Kind
  >
> = {
  temperature: { type: 'number', min: 0, remedy: 'use a number, 0 or more' },
  topP: { type: 'number', min: 0, max: 1, remedy: 'use a number from 0 to 1' },
  topK: { type: 'number', min: 0, remedy: 'use a number, 0 or more' },
  maxOutputTokens: tokens,
  stopSequences: { type: 'texts', remedy: "pass a list of texts, such as ['\\n\\n']" },
  seed: { type: 'number', isWhole: true, remedy: 'use a whole number' },
  presencePenalty: { type: 'number', remedy: 'use a number, such as 0.5' },
  frequencyPenalty: { type: 'number', remedy: 'use a number, such as 0.5' },
  reasoning: {
    type: 'word',
    words: ['provider-default', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  },
  providerOptions: { type: 'provider-options' },
  headers: { type: 'headers' },
};

export const settingsDocs: DocsOf<typeof settings> = {
  temperature: { sentence: 'How random the answer is.' },
  topP: { sentence: 'Nucleus sampling: the share of probability to sample from.' },
  topK: { sentence: 'Samples only from so many tokens.' },
  maxOutputTokens: { sentence: 'The most tokens of an answer. They are reserved as its output budget.' },
  stopSequences: { sentence: 'Texts that end the answer.' },
  seed: { sentence: 'Makes sampling repeatable, where the model can.' },
  presencePenalty: { sentence: 'A penalty for what is in the prompt already.' },
  frequencyPenalty: { sentence: 'A penalty for repeating the same words.' },
  reasoning: { sentence: 'How much a model reasons. From ai 7 on.' },
  providerOptions: {
    sentence:
      'Options of the provider, by its name; they are merged with those of the call. Names stay as written.',
  },
  headers: { sentence: 'HTTP headers. A header of the call replaces the one of the same name.' },
};

/** What a request may carry and a model may lack. */
export const supports: Readonly<Record<'tools' | 'images' | 'files' | 'json', Kind>> = {
  tools: flag,
  images: flag,
  files: flag,
  json: flag,
};

export const supportsDocs: DocsOf<typeof supports> = {
  tools: { sentence: 'Whether the model takes tools.', default: true },
  images: { sentence: 'Whether the model takes images, also in tool results.', default: true },
  files: { sentence: 'Whether the model takes files other than images.', default: true },
  json: { sentence: 'Whether the model can be asked for JSON by the response format.', default: true },
};
