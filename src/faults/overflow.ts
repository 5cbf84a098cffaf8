// How providers say that a call is too long. By code first; the sentences, in the vendors' own wording, serve
// those that have no code for it. A number in one is the limit that it states. All begin where the vendor's own
// words begin, so that a message which only quotes the prompt does not match.
const code =
  /context_(length|window)_exceeded|exceed_context_size|(prompt|max)_tokens_exceeded|token_limit_exceeded|too_many_tokens|request_too_large/i;

/** What SDKs, proxies and Bedrock put in front of the vendor's own sentence. */
const prefixes =
  /^(?:(?:<\d+> )?[\w.]{0,60}(?:Error|Exception|Parameter)(?:: | - )|The model returned the following errors: |Input validation error: |Invalid request: |invalid params, )+/i;

const sentences: readonly RegExp[] = [
  // OpenAI, Azure, vLLM, OpenRouter, DeepSeek, xAI
  /^th(?:is|e) (?:model|endpoint)['’]s maximum (?:context|prompt) length is ([\d,]+)/i,
  /^Input tokens exceed the configured limit of ([\d,]+)/i, // OpenAI
  /^Your input exceeds the context window/i, // OpenAI Responses
  /^prompt is too long(?:\.?$|: [\d,]+ tokens > ([\d,]+))/i, // Anthropic
  /^input length and `?max_tokens`? exceed context limit: [\d,]+ \+ [\d,]+ > ([\d,]+)/i, // Anthropic, input and output
  // Google, both APIs
  /^(?:Unable to submit request because )?the input token count (?:\([\d,]+\) |is [\d,]+ )?(?:exceeds the maximum number of tokens allowed|but model only supports up to) \(?([\d,]+)/i,
  /^Prompt contains [\d,]+ tokens(?: and [\d,]+ draft tokens)?, too large for model with ([\d,]+)/i, // Mistral
  /^The prompt is too long: [\d,]+, model maximum context length: ([\d,]+)/i, // Fireworks
  /^Your request exceeded model token limit: ([\d,]+)/i, // Moonshot
  /^You passed [\d,]+ input tokens and requested [\d,]+ output tokens\. However, the model's context length is only ([\d,]+)/i, // vLLM
  /^The (?:\w+ )?prompt \(length [\d,]+\) is longer than the maximum model length of ([\d,]+)/i, // vLLM
  /^The input \([\d,]+ tokens\) is longer than the model's context length \(([\d,]+)/i, // Together
  /^`?inputs`? (?:tokens \+ `?max_new_tokens`? must be <=|must have less than) ([\d,]+)/i, // TGI
  /^Range of input length should be \[\d+, ?([\d,]+)/i, // DashScope
  /^(?:the )?request (?:\([\d,]+ tokens\) )?exceeds the available context size(?: \(([\d,]+))?/i, // llama.cpp
  /^(?:the )?(?:input|prompt)(?: length| too long;)? exceed(?:s|ed) (?:the |max |maximum )*context length/i, // Ollama
  /^Input is too long for requested model|^Input Tokens Exceeded: Number of input tokens exceeds/i, // Bedrock
  /^(?:400 Bad Request: )?Too many input tokens\. Max input tokens: ([\d,]+)/i, // Bedrock, Titan
  /^Please reduce the length of the messages/i, // Groq, Cerebras
  /^The number of tokens to keep from the initial prompt is greater than the context length/i, // LM Studio
  /^Trying to keep the first [\d,]+ tokens when context the overflows\. However, the model is loaded with context length of only ([\d,]+)/i, // LM Studio
  /^too many tokens: size limit exceeded by [\d,]+ tokens\.(?:[^.]{0,80}\. The limit for this model is ([\d,]+))?/i, // Cohere
  /^too many tokens: total number of tokens [\w() ]{0,40}cannot exceed ([\d,]+)/i, // Cohere
  /^prompt token count of [\d,]+ exceeds the limit of ([\d,]+)/i, // GitHub Models
  /^context window exceeds limit|^Prompt exceeds max length/i, // MiniMax, Z.ai
];

/** The requested output alone is too long; a number here is no context window. */
const outputSentence =
  /^max_tokens: [\d,]+ > [\d,]+, which is the maximum allowed number of output tokens|^\W?max_(?:completion_|new_)?tokens\W?(?: (?:for|or) \S{1,80})? (?:is too large|must be (?:less than|<=))|^Unable to submit request because it has a maxOutputTokens value of|^The maximum tokens you requested exceeds? the model limit|^too many tokens: max tokens must be less than|^Invalid max_tokens value|^Range of max_tokens should be/i;

/**
 * The limit in tokens that a provider states when it rejects a call as too long (input or requested output),
 * NaN if it states none; undefined if the error is something else. Asked only where the call is to blame.
 *
 * @param said What the provider says itself; each only as far as a vendor's sentence goes.
 * @param stated The limit where the response body has a field for it.
 */
export function overflowLimit(
  words: readonly string[],
  said: readonly string[],
  stated: unknown,
): number | undefined {
  const own = said.map((text) => text.slice(0, 1000).trim().replace(prefixes, ''));
  if (own.some((text) => outputSentence.test(text))) return Number.NaN;
  const found = own.flatMap((text) => sentences.map((sentence) => sentence.exec(text))).find(Boolean);
  if (!found && !words.some((word) => code.test(word))) return undefined;
  const limit = typeof stated === 'number' ? stated : Number(found?.[1]?.replaceAll(',', ''));
  return Number.isSafeInteger(limit) && limit > 0 ? limit : Number.NaN;
}
