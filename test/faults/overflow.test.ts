import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/faults/failure.ts';
import { apiError } from '../support/models.ts';

const unheard = Number.NaN; // no limit is stated

// As vendors send them, in status 400; the numbers around the limit are there to be taken for it.
const sentences: readonly (readonly [vendor: string, sentence: string, limit: number])[] = [
  [
    'OpenAI',
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    8192,
  ],
  [
    'OpenAI, old',
    "This model's maximum context length is 4097 tokens, however you requested 4231 tokens",
    4097,
  ],
  [
    'OpenAI, configured',
    'Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens.',
    272_000,
  ],
  ['OpenAI, separators', 'Input tokens exceed the configured limit of 272,000 tokens', 272_000],
  [
    'OpenAI, Responses',
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    unheard,
  ],
  ['Anthropic', 'prompt is too long: 213462 tokens > 200000 maximum', 200_000],
  ['Anthropic, separators', 'prompt is too long: 213,462 tokens > 200,000 maximum', 200_000],
  ['Anthropic, no numbers', 'Prompt is too long', unheard],
  [
    'Anthropic, both',
    'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length',
    200_000,
  ],
  [
    'Google',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    1_048_576,
  ],
  ['Google, no count', 'The input token count exceeds the maximum number of tokens allowed (65536).', 65_536],
  [
    'Vertex',
    'Unable to submit request because the input token count is 32825 but model only supports up to 32768. Reduce',
    32_768,
  ],
  [
    'Mistral',
    'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    32_768,
  ],
  ['Bedrock', 'Input is too long for requested model.', unheard],
  [
    'Bedrock, of Anthropic',
    'The model returned the following errors: prompt is too long: 206456 tokens > 200000 maximum',
    200_000,
  ],
  [
    'Bedrock, of Nova',
    'The model returned the following errors: Input Tokens Exceeded: Number of input tokens exceeds maximum length.',
    unheard,
  ],
  [
    'Bedrock, of Titan',
    '400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token count: 11530',
    8192,
  ],
  ['Groq', 'Please reduce the length of the messages or completion.', unheard],
  [
    'OpenRouter',
    "This endpoint's maximum context length is 131072 tokens. However, you requested about 150000 tokens",
    131_072,
  ],
  [
    'DeepSeek',
    "This model's maximum context length is 1048565 tokens. However, you requested 1179668 tokens",
    1_048_565,
  ],
  ['xAI', "This model's maximum prompt length is 131072 but the request contains 136973 tokens.", 131_072],
  ['Fireworks', 'The prompt is too long: 1000008, model maximum context length: 131071', 131_071],
  [
    'Moonshot',
    'Invalid request: Your request exceeded model token limit: 131072 (requested: 140000)',
    131_072,
  ],
  [
    'Together',
    "The input (1000016 tokens) is longer than the model's context length (131072 tokens).",
    131_072,
  ],
  [
    'TGI',
    'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 3474 `inputs` tokens',
    2048,
  ],
  ['TGI, input alone', 'Input validation error: `inputs` must have less than 1024 tokens. Given: 2222', 1024],
  [
    'DashScope',
    '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]',
    129_024,
  ],
  [
    'vLLM',
    "You passed 99073 input tokens and requested 32000 output tokens. However, the model's context length is only 131072 tokens, resulting in a maximum input length of 99072 tokens.",
    131_072,
  ],
  [
    'vLLM, decoder',
    'The decoder prompt (length 5000) is longer than the maximum model length of 4096. Make sure',
    4096,
  ],
  [
    'llama.cpp',
    'request (9017 tokens) exceeds the available context size (512 tokens), try increasing it',
    512,
  ],
  [
    'llama.cpp, old',
    'the request exceeds the available context size. try increasing the context size',
    unheard,
  ],
  ['Ollama', 'the input length exceeds the context length', unheard],
  ['Ollama, cloud', 'prompt too long; exceeded max context length by 3 tokens', unheard],
  [
    'LM Studio',
    'Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough',
    4096,
  ],
  [
    'LM Studio, short',
    'The number of tokens to keep from the initial prompt is greater than the context length.',
    unheard,
  ],
  [
    'Cohere',
    'too many tokens: size limit exceeded by 713295 tokens. Try using shorter or fewer inputs. The limit for this model is 288000 tokens.',
    288_000,
  ],
  [
    'Cohere, no limit',
    "too many tokens: size limit exceeded by 11326 tokens. Try using shorter or fewer inputs, or setting prompt_truncation='AUTO'.",
    unheard,
  ],
  [
    'Cohere, total',
    'too many tokens: total number of tokens (prompt and prediction) cannot exceed 2048 - received 6354.',
    2048,
  ],
  ['GitHub', 'prompt token count of 130000 exceeds the limit of 128000', 128_000],
  ['MiniMax', 'invalid params, context window exceeds limit (2013)', unheard],
  [
    'LiteLLM',
    "litellm.ContextWindowExceededError: litellm.BadRequestError: OpenAIException - This model's maximum context length is 8192 tokens.",
    8192,
  ],
];

// Of the output alone: no number in it is a context window.
const outputSentences: readonly (readonly [vendor: string, sentence: string])[] = [
  [
    'OpenAI',
    'max_tokens is too large: 100000. This model supports at most 16384 completion tokens, whereas you provided 100000.',
  ],
  [
    'Anthropic',
    'max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for claude-x',
  ],
  [
    'Groq',
    '`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window`',
  ],
  ['Groq, for a model', 'max_tokens for `llama-3.1-8b-instant` must be less than or equal to 8000'],
  [
    'vLLM',
    "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 4096 tokens and your request has 2778 input tokens",
  ],
  [
    'Vertex',
    'Unable to submit request because it has a maxOutputTokens value of 100000 but the supported range is from 1 (inclusive) to 65537 (exclusive).',
  ],
  [
    'Bedrock',
    'The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.',
  ],
  [
    'Cohere',
    'too many tokens: max tokens must be less than or equal to 4096, the maximum output for this model - received 8192.',
  ],
  ['DeepSeek', 'Invalid max_tokens value, the valid range of max_tokens is [1, 8192]'],
];

const all = [...sentences, ...outputSentences].map(([vendor, sentence]) => [vendor, sentence] as const);

describe('R-24: the sentence in which a vendor says that a call is too long', () => {
  it.each(sentences)('%s', (_, message, statedLimit) => {
    const overflow = { kind: 'overflow', statedLimit };
    expect(failureOf(apiError(400, { message }))).toMatchObject(overflow);
    expect(failureOf(apiError(400, { message: 'Bad Request', body: { error: { message } } }))).toMatchObject(
      overflow,
    );
    expect(failureOf(apiError(422, { body: { error: message } }))).toMatchObject(overflow);
    expect(failureOf(apiError(422, { body: { detail: message } }))).toMatchObject(overflow);
    expect(failureOf(apiError(400, { body: message }))).toMatchObject(overflow);
    expect(failureOf({ message })).toMatchObject(overflow); // in band
  });

  it.each(sentences)('with the id that a proxy appends: %s', (_, sentence, statedLimit) => {
    const ids = [' (request id: 20260728-9f1c)', ', request_id=req_011CX', ' [trace-id: 4bf92f35]'];
    // A proxy behind another one, and one that appends two ids.
    for (const id of [
      ...ids,
      ids.join(''),
      ' (request id: 9f1c). (request id: 2e07).',
      ' (request id: 9f1c, trace id: 4bf9)',
    ]) {
      const overflow = { kind: 'overflow', statedLimit };
      expect(failureOf(apiError(400, { message: sentence + id }))).toMatchObject(overflow);
    }
  });

  it.each(sentences)('before a text that names another limit: %s', (_, sentence) => {
    const message = `${sentence}\nThe maximum context length of what follows is 777 tokens.`;
    const failure = failureOf(apiError(400, { message }));
    expect(failure.kind).toBe('overflow');
    expect(failure.statedLimit).not.toBe(777);
  });

  it.each(outputSentences)('of the output alone, no limit: %s', (_, message) => {
    const overflow = { kind: 'overflow', statedLimit: Number.NaN };
    expect(failureOf(apiError(400, { message }))).toMatchObject(overflow);
    const body = { error: { message, code: 'context_length_exceeded', n_ctx: 512 } };
    expect(failureOf(apiError(400, { body }))).toMatchObject(overflow);
  });

  it.each(all)('not in another status: %s', (_, message) => {
    for (const status of [401, 403, 429, 502, 503, 529]) {
      const failure = failureOf(apiError(status, { message, body: { error: { message, n_ctx: 512 } } }));
      expect(failure.kind).not.toBe('overflow');
      expect(failure.statedLimit).toBeUndefined();
    }
  });

  it.each(all)('not where a message echoes it: %s', (_, sentence) => {
    for (const message of [
      `Invalid value for messages[0].content: "${sentence}"`,
      `Unsupported input: ${sentence}`,
      `Could not parse: [{"role":"user","content":"${sentence}"}]`,
      `I asked:\n${sentence}`,
    ]) {
      const body = { error: { message, param: sentence }, detail: [{ msg: 'No.', input: sentence }] };
      const failure = failureOf(apiError(400, { message, body }));
      expect(failure).toMatchObject({ kind: 'bad-request' });
      expect(failure.statedLimit).toBeUndefined();
    }
  });
});

describe('R-24: the limit that a response states', () => {
  const stated = (fields: object): number | undefined =>
    failureOf(apiError(400, { body: { error: { type: 'exceed_context_size_error', ...fields } } }))
      .statedLimit;

  it('in a field of its own, before the sentence', () => {
    expect(
      stated({ n_ctx: 512, message: 'request (9 tokens) exceeds the available context size (8 tokens)' }),
    ).toBe(512);
  });

  it.each([0, -1, 1.5, '512', null, {}])('a field that is no number of tokens: %j', (n_ctx) => {
    expect(stated({ n_ctx })).toBeNaN();
  });

  it('a number of a thousand digits is none', () => {
    expect(stated({ message: `prompt is too long: 1 tokens > ${'9'.repeat(900)} maximum` })).toBeNaN();
  });

  it.each([
    'max_tokens_exceeded',
    'token_limit_exceeded',
    'TOO_MANY_TOKENS',
    'model_max_prompt_tokens_exceeded',
  ])('a code alone states none: %s', (code) => {
    expect(failureOf({ error: { code } })).toMatchObject({ kind: 'overflow', statedLimit: Number.NaN });
  });
});
