// How providers say that a call is too long. By code first; the sentences, in the vendors' own wording, serve
// those that have no code for it. A number in one is the limit that it states.
const code = /context_length_exceeded|exceed_context_size|prompt_tokens_exceeded|request_too_large/;

const sentences: readonly RegExp[] = [
  /context length (?:is|of) (?:only )?(\d{3,})/i, // OpenAI, Azure, vLLM, OpenRouter, DeepSeek, LM Studio
  /exceeds the context window/i, // OpenAI Responses
  /too long: \d+ tokens > (\d{3,})/i, // Anthropic
  /exceed context limit: \d+ \+ \d+ > (\d{3,})/i, // Anthropic, input and output
  /maximum number of tokens allowed \(?(\d{3,})/i, // Google
  /(\d{3,}) maximum context length/i, // Mistral
  /maximum context length: (\d{3,})/i, // Fireworks
  /model token limit: (\d{3,})/i, // Moonshot
  /maximum prompt length is (\d{3,})/i, // xAI
  /maximum model length of (\d{3,})/i, // vLLM
  /inputs`? tokens \+ `?max_new_tokens`? must be <= (\d{3,})/i, // TGI
  /Range of input length should be \[\d+, ?(\d{3,})/i, // DashScope
  /exceed(?:s|ed) (?:the |max |maximum |available )*context (?:length|size)/i, // Ollama, llama.cpp
  /input is too long for requested model|exceeds the model limit/i, // Bedrock
  /reduce the length of the messages/i, // Groq
  /greater than the context length|too many tokens: size limit exceeded/i, // LM Studio, Cohere
  // The requested output alone: Anthropic, OpenAI, Groq, Google.
  /maximum allowed number of output tokens|max_(?:completion_)?tokens`? is too large|max_(?:completion_)?tokens`? must be less than|maxOutputTokens value of/i,
];

/**
 * The limit in tokens that a provider states when it rejects a call as too long (input or requested output),
 * NaN if it states none; undefined if the error is something else. Asked only where the call is to blame.
 */
export function overflowLimit(words: readonly unknown[], text: string): number | undefined {
  if (words.includes('invalid_function_parameters')) return undefined; // whose text may be of the tool's own
  const said = sentences.map((sentence) => sentence.exec(text)).find(Boolean);
  if (!said && !words.some((word) => code.test(String(word)))) return undefined;
  return Number(said?.[1]);
}
