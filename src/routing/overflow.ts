// How providers say that a call is too long. By code first; the sentences, in the vendors' own wording, serve
// those that have no code for it.
const code = /context_length_exceeded|exceed_context_size/;

const sentences = new RegExp(
  [
    'maximum context length (?:is|of) (\\d+)', // OpenAI, Azure, vLLM, OpenRouter, Mistral
    'prompt is too long: \\d+ tokens > (\\d+)', // Anthropic
    'exceed context limit: \\d+ \\+ \\d+ > (\\d+)', // Anthropic, input and output
    'maximum number of tokens allowed \\(?(\\d+)', // Google
    'with (\\d+) maximum context length', // Mistral
    'maximum allowed number of output tokens', // Anthropic, output alone
    'max_tokens is too large', // OpenAI, output alone
    'exceeds the available context size', // llama.cpp
    'input is too long for requested model', // Bedrock
    'exceeds (?:the |maximum )*context length', // Ollama
  ].join('|'),
  'i',
);

/**
 * The limit in tokens that a provider states when it rejects a call as too long (input or requested
 * output), NaN if it states none; undefined if the error is something else.
 */
export function overflowLimit(
  statusCode: number | undefined,
  words: readonly unknown[],
  text: string,
): number | undefined {
  // A rate limit in tokens per minute speaks of too many tokens as well.
  if (statusCode === 429 || words.includes('rate_limit_exceeded')) return undefined;
  // Prose counts only where the request is blamed: 400, 413, 422, or an in-band error without a status.
  const said = [undefined, 400, 413, 422].includes(statusCode) ? sentences.exec(text) : null;
  if (!said && !words.some((word) => code.test(String(word))) && !/"exceed_context_size_error"/.test(text))
    return undefined;
  return Number(said?.slice(1).find(Boolean) ?? /"n_ctx": ?(\d+)/.exec(text)?.[1]);
}
