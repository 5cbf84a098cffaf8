import {
  flag,
  margin,
  merge,
  name,
  ratio,
  tokens,
  type DocsOf,
  type Kind,
  type OptionTable,
} from './kinds.ts';

// Options that only a file (or any gateway as data) has.

export const tokenizerKinds = [
  'char-ratio',
  'byte-ratio',
  'script-aware',
  'tiktoken',
  'huggingface',
  'auto',
] as const;

/** Listed here instead of imported, so that js-tiktoken stays optional. */
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
  charsPerToken: { sentence: 'Unicode code points per token. Setting it selects char-ratio.', default: 3.5 },
  bytesPerToken: { sentence: 'UTF-8 bytes per token. Setting it selects byte-ratio.', default: 3 },
  safetyMargin: {
    sentence:
      'A factor for the count, at least 1. By default 1.1; for byte-ratio 1.15, for tiktoken and huggingface 1.02.',
  },
};

/** The options that set how tokens are counted at one level. */
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
      'How tokens are counted. tiktoken and auto need js-tiktoken, huggingface needs @huggingface/tokenizers; auto is tiktoken for models of OpenAI, else the default estimator.',
  },
  encoding: { sentence: 'For kind tiktoken: the encoding.', default: 'o200k_base' },
  model: { sentence: 'For kind tiktoken: a model of OpenAI, instead of an encoding.' },
  path: { sentence: "For kind huggingface: the path or the URL of the model's tokenizer.json." },
  config: {
    sentence:
      'For kind huggingface: the path or the URL of its tokenizer_config.json, by default in the same folder.',
  },
};

/** A context window that is read from a server. */
export const askedSize: Readonly<Record<'ask' | 'otherwise' | 'model', Kind>> = {
  ask: { type: 'address' },
  otherwise: tokens,
  model: { type: 'model' },
};

export const askedSizeDocs: DocsOf<typeof askedSize> = {
  ask: {
    sentence:
      'The server to ask for the context window, once, when the file is loaded: http://127.0.0.1:8080/v1.',
  },
  otherwise: { sentence: "The context window to use if the server can't be reached or doesn't report one." },
  model: { sentence: "The model's name on the server; by default its id without the provider's prefix." },
};

/** A name for people, of models and primitives. */
export const named: Readonly<Record<'name', Kind>> = { name: { type: 'text' } };

export const namedDocs: DocsOf<typeof named> = { name: { sentence: 'A name for people.' } };

/** What only a primitive in a file has. */
export const inFile: Readonly<Record<'recommended', Kind>> = { recommended: flag };

export const inFileDocs: DocsOf<typeof inFile> = {
  recommended: {
    sentence:
      'Whether timeouts, retries and cooldown that are not set here are those recommended for production.',
    default: false,
  },
};

/** Another name of a model or primitive. */
export const shortcut: Readonly<Record<'alias' | 'model', Kind>> = { alias: name, model: { type: 'model' } };

export const shortcutDocs: DocsOf<typeof shortcut> = {
  alias: { sentence: 'The name by which to ask for the model, also in this file.' },
  model: {
    sentence:
      'The id of a declared model or primitive (also as alloy/x, cascade/x or dispatcher/x), another alias, or provider/model.',
  },
};

/** Documentation of options that differ in a file from those in code. */
export const fileDocs = {
  model: {
    sentence:
      'The id of a declared model or primitive (also as alloy/x, cascade/x or dispatcher/x), or any other model id if a context window is set here.',
  },
  modelId: { sentence: 'The id of the model, with the prefix of its provider: openai/gpt-5.' },
};
