import { margin, merge, name, ratio, tokens, type DocsOf, type Kind, type OptionTable } from './kinds.ts';

// What only a file (or any gateway as data) has.

export const tokenizerKinds = [
  'char-ratio',
  'byte-ratio',
  'script-aware',
  'tiktoken',
  'huggingface',
  'auto',
] as const;

/** Named here, so that js-tiktoken stays optional. */
export const encodings = [
  'gpt2',
  'r50k_base',
  'p50k_base',
  'p50k_edit',
  'cl100k_base',
  'o200k_base',
  'o200k_harmony',
  'o200k',
  'cl100k',
] as const;

/** A ratio and a margin, at any level. */
export const ratios: Readonly<Record<'charsPerToken' | 'bytesPerToken' | 'safetyMargin', Kind>> = {
  charsPerToken: ratio,
  bytesPerToken: ratio,
  safetyMargin: margin,
};

export const ratiosDocs: DocsOf<typeof ratios> = {
  charsPerToken: { sentence: 'Unicode code points per token; means char-ratio.', default: 3.5 },
  bytesPerToken: { sentence: 'UTF-8 bytes per token; means byte-ratio.', default: 3 },
  safetyMargin: {
    sentence:
      'What the count is multiplied by, at least 1: by default 1.1, byte-ratio 1.15, tiktoken and huggingface 1.02.',
  },
};

/** How a level says how to count. */
export const counting: Readonly<Record<'tokenizer' | keyof typeof ratios, Kind>> = /* @__PURE__ */ merge(
  { tokenizer: { type: 'tokenizer' } } satisfies OptionTable,
  ratios,
);

export const tokenizerDoc = { tokenizer: { sentence: 'How tokens are counted.' } };

export const tokenizer: Readonly<
  Record<'kind' | keyof typeof ratios | 'encoding' | 'model' | 'path' | 'config', Kind>
> = /* @__PURE__ */ merge({ kind: { type: 'word', words: tokenizerKinds } } satisfies OptionTable, ratios, {
  encoding: { type: 'word', words: encodings },
  model: name,
  path: { type: 'text' },
  config: { type: 'text' },
} satisfies OptionTable);

export const settingsDocs: Readonly<
  Record<'kind' | 'encoding' | 'model' | 'path' | 'config', { sentence: string; default?: unknown }>
> = {
  kind: {
    sentence:
      'How tokens are counted. tiktoken and auto need js-tiktoken, huggingface needs @huggingface/tokenizers; auto is tiktoken for models of OpenAI, else the default.',
  },
  encoding: { sentence: 'For kind tiktoken: the encoding.', default: 'o200k_base' },
  model: { sentence: 'For kind tiktoken: a model of OpenAI, instead of an encoding.' },
  path: { sentence: "For kind huggingface: the path or the URL of the model's tokenizer.json." },
  config: { sentence: 'For kind huggingface: that of its tokenizer_config.json, by default beside it.' },
};

/** A context window that a server is asked for. */
export const askedSize: Readonly<Record<'ask' | 'otherwise' | 'model', Kind>> = {
  ask: { type: 'address' },
  otherwise: tokens,
  model: { type: 'model' },
};

export const askedSizeDocs: DocsOf<typeof askedSize> = {
  ask: { sentence: 'The server that is asked once, when the file is loaded: http://127.0.0.1:8080/v1.' },
  otherwise: { sentence: "What holds where it can't be asked, or doesn't say." },
  model: { sentence: "The model, as the server calls it; by default its id, without the provider's prefix." },
};

/** A name for people, of models and primitives. */
export const named: Readonly<Record<'name', Kind>> = { name: { type: 'text' } };

export const namedDocs: DocsOf<typeof named> = { name: { sentence: 'A name for people.' } };

/** What a file says otherwise of an option that code has as well. */
export const fileDocs = {
  model: {
    sentence:
      'The id of a model or a primitive, this one also as alloy/x, cascade/x or dispatcher/x; or any model, with a context window here.',
  },
  modelId: { sentence: 'What the model is called by, and its provider asked for: openai/gpt-5.' },
};
