// How providers say that a call is too long. Codes are checked first. For providers without a code, there are sentences in
// the vendors' own wording, and a grammar for all others. Each has to match at the beginning of the vendor's own words, so
// that a message which only quotes the prompt does not match.
import { firstClauses } from './own-words.ts';
import { believed, statedLimit } from './stated-limit.ts';

const code =
  /context_?(length|window|size)_?exceeded|exceed_context_size|(prompt|max)_tokens_exceeded|tokens?_limit_(exceeded|reached)|too_many_tokens|request_too_large|ContextWindowExceeded|context_overflow|(prompt|input|context)_too_(long|large)|max_context_length|PayloadTooLarge/i;

// The group in each sentence is the limit, since some sentences contain several numbers.
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
  /^Reached context length of ([\d,]+)/i, // LM Studio
  /^Please (?:shorten your|use a shorter) (?:prompt|input|messages?)/i,
  /^max(?:imum)? (?:sequence|model|context|prompt) length is ([\d,]+)/i,
  /^(?:the |this )?model (?:only )?supports (?:at most|up to|only) ([\d,]+) tokens/i,
  /^max_model_len is ([\d,]+)/i,
  /(?:输入|上下文|提示词?)[^。]{0,12}超(?:过|出)[^。]{0,12}(?:长度|限制|上限)|prompt ?超长/i,
];

/** The same in any other wording: what is too long, that it is too long, and for which limit. */
let grammar: readonly RegExp[] | undefined; // made when it is first needed

function createGrammar(): readonly RegExp[] {
  const size =
    '(?:prompts?|inputs?|requests?|requested|contexts?|messages?|conversations?|sequences?|payload|body|tokens?|(?:chat )?history)';
  const limit =
    '(?:context\\b|limits?\\b|(?:max(?:imum)?|total|allowed|token|input|model)\\W+(?:\\w+\\W+){0,4}?(?:lengths?|tokens?|size|window|context)\\b|max_\\w*(?:tokens|len\\w*)\\b|n_ctx\\b)';
  const exceeds =
    "(?:exceed\\w*|(?:longer|larger|greater|bigger|more) than|(?:is|are|goes|went) (?:over|above|beyond)|surpass\\w*|must (?:be )?(?:not exceed|less than|at most|fewer than|within|<=)|(?:does not|doesn['’]t|do not|don['’]t|cannot|can['’]t) fit|overflow\\w*)";
  return [
    new RegExp(`\\b${size}\\b.{0,120}\\b${exceeds}.{0,80}\\b${limit}`, 'i'),
    // Context size has been exceeded; maximum context length exceeded; ran out of context
    /\b(?:context|token|prompt|input|sequence)[ -]?(?:window|length|size|limits?|count|tokens?)?(?: \w+){0,3}? (?:exceeded|overflow\w*|is full|reached|exhausted|too small)\b/i,
    /\b(?:ran|run|running|is|are) out of context\b|\bcontext (?:window )?overflow/i,
    new RegExp(
      `\\b${size}(?: \\w+){0,3}? (?:is|are|was|were )?(?:far |much |way )?too (?:long|large|big)\\b`,
      'i',
    ),
    new RegExp(`\\btoo many (?:\\w+ )?tokens\\b(?! per)`, 'i'),
    new RegExp(
      `\\b(?:reduce|shorten|truncate|trim)\\b.{0,40}\\b(?:length|size|number|prompt|context)\\b.{0,40}\\b${size}\\b`,
      'i',
    ),
  ];
}

/** Other things that may be too long, too large or too many; and limits of an account or of time. */
const otherThings =
  /\b(?:images?|files?|audio|video|pdfs?|documents?|strings?|names?|descriptions?|schemas?|enums?|stop sequences?|tools?|functions?|arrays?|items?|propert\w+|metadata|pixels?|dimensions?|characters? in|headers?|batch\w*|urls?|ids?)\b|\bper[ -](?:second|min\w*|hour|day|week|month)\b|\b[TR]P[MD]\b|rate.?limit|quota|credit|balance|billing|budget|spen[dt]|subscription|\bdaily|weekly|monthly|time[ -]?out|seconds|concurren|too many requests|please wait|temperature|top_[pk]|penalty/i;

/** The requested output alone is too long, or leaves no room; a number here is no context window. */
const outputSentence =
  /^max_tokens: [\d,]+ > [\d,]+, which is the maximum allowed number of output tokens|^\W?max_(?:completion_|new_|output_)?tokens\W?(?: (?:for|or) \S{1,80})? (?:is too large|must be (?:less than|<=)|must be at least 1, got -)|^Unable to submit request because it has a maxOutputTokens value of|^The maximum tokens you requested exceeds? the model limit|^too many tokens: max tokens must be less than|^Invalid max_tokens value|^Range of max_tokens should be/i;

/** A provider's report that a call is too long. */
export interface Overflow {
  /** The limit in tokens that the provider states, NaN if it states none. */
  readonly statedLimit: number;
}

/** Whether a vendor's code says that the call is too long. It counts with any status. */
export const isOverflowCode = (words: readonly string[]): boolean => words.some((word) => code.test(word));

/**
 * Whether a provider says, by a code or in its message, that a call is too long (its input or its requested output), and
 * which limit it states; undefined for any other error.
 *
 * @param own The provider's own words in its messages.
 * @param stated The limit in tokens, if the response body has a field for it.
 */
export function overflowIn(
  words: readonly string[],
  own: readonly string[],
  stated: unknown,
): Overflow | undefined {
  if (own.some((text) => outputSentence.test(text))) return { statedLimit: Number.NaN };
  const told = own.filter(isOverflowSentence);
  if (told.length === 0 && !isOverflowCode(words)) return undefined;
  if (typeof stated === 'number') return { statedLimit: believed(stated, []) };
  // If only a code says that it is too long, the limit may be in a message whose wording isn't known here.
  const prose = own.filter((text) => !/^[[{<]/.test(text));
  const limits = (told.length === 0 ? prose : told).map(limitIn);
  return { statedLimit: limits.find((each) => !Number.isNaN(each)) ?? Number.NaN };
}

function isOverflowSentence(own: string): boolean {
  if (sentences.some((sentence) => sentence.test(own))) return true;
  const clauses = firstClauses(own);
  if (otherThings.test(clauses)) return false;
  return (grammar ??= createGrammar()).some((sentence) => sentence.test(clauses));
}

function limitIn(own: string): number {
  const known = sentences.map((sentence) => sentence.exec(own)).find(Boolean);
  if (!known) return statedLimit(own);
  return known[1] === undefined ? Number.NaN : statedLimit(own, known[1]);
}
