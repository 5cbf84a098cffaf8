import { ownWords } from './own-words.ts';

/** Types and codes that say no more than that a request is bad. */
const emptyWord =
  /^(?:AI_\w+|\d+|invalid[_ ]?request([_ ]?error)?|bad[_ ]?request([_ ]?error)?|unprocessable[_ ]?entity([_ ]?error)?|invalid[_ ]?argument|validation[_ ]?(error|exception)|\w*(Error|Exception))$/i;
/** Parameters that hold the whole conversation: one of them being wrong may mean that it is too long. */
const wholePrompt = /^(?:messages|input|prompt|contents|max_(?:completion_|output_)?tokens)$/i;
/** How vendors begin when they name what the caller got wrong. */
const mistake =
  /^(?:invalid|unknown|unsupported|unrecognized|unexpected|missing|expected|duplicate|malformed|failed to (?:parse|deserialize)|could not|cannot|\S+ (?:is|are) (?:required|not|invalid|unknown|deprecated|missing)|\S+ (?:must|should|may not|can(?:not|'t))|the (?:parameter|field|property|value)|additional propert|extra (?:inputs|fields)|field required|messages?[.[]|tools?[.[]|input should|json|schema)/i;

/** Whether a 400 names what is wrong: by a code, a parameter, or a sentence that begins so. */
export function saysWhatIsWrong(
  words: readonly string[],
  params: readonly string[],
  said: readonly string[],
): boolean {
  if (words.some((word) => !emptyWord.test(word))) return true;
  if (params.some((param) => param !== '' && !wholePrompt.test(param))) return true;
  return said.some((text) => mistake.test(ownWords(text)));
}
