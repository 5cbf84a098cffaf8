/** Types and codes that only say that a request is bad, not why. */
const emptyWord =
  /^(?:AI_\w+|\d+|invalid[_ ]?request([_ ]?error)?|bad[_ ]?request([_ ]?error)?|unprocessable[_ ]?entity([_ ]?error)?|invalid[_ ]?argument|validation[_ ]?(error|exception)|\w*(Error|Exception))$/i;
/** Parameters that contain the whole conversation, or its limit: an error about one may mean that the call is too long. */
const wholePrompt = /^(?:messages|input|prompt|contents|max_(?:completion_|output_)?tokens)$/i;
/** How a vendor's message begins when it names the caller's mistake. */
const mistake =
  /^(?:invalid|unknown|unsupported|unrecognized|unexpected|missing|expected|duplicate|malformed|failed to (?:parse|deserialize)|could not|cannot|\S+ (?:is|are) (?:required|not|invalid|unknown|deprecated|missing)|\S+ (?:must|should|may not|can(?:not|'t))|the (?:parameter|field|property|value)|additional propert|extra (?:inputs|fields)|field required|messages?[.[]|tools?[.[]|input should|json|schema)/i;

/** Whether a 400 says what is wrong: by a code, a parameter, or the beginning of its message. */
export function saysWhatIsWrong(
  words: readonly string[],
  params: readonly string[],
  own: readonly string[],
): boolean {
  if (words.some((word) => !emptyWord.test(word))) return true;
  if (params.some((param) => param !== '' && !wholePrompt.test(param))) return true;
  return own.some((text) => mistake.test(text));
}
