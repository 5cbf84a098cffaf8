import { firstClauses } from './own-words.ts';

let sentences: readonly RegExp[] | undefined; // made when they are first needed

function createSentences(): readonly RegExp[] {
  /** Features that a model may lack: images and other files, tools, a response format. */
  const feature =
    '(?:images?|image_url|vision|pictures?|multi-?modal\\w*|audio|video|pdfs?|documents?|files?|attachments?|media|tools?|tool[ -](?:use|calls?|calling|choice)|functions?|function[ -]call(?:s|ing)?|response[_ ]format|json[_ ](?:schema|object|mode)|structured outputs?|response schema)';
  return [
    new RegExp(
      `(?:do(?:es)? not|doesn['’]t|don['’]t|cannot|can['’]t|not able to|unable to) (?:currently |yet )?(?:support|accept|handle|process|take|use|read)\\b.{0,60}\\b${feature}\\b`,
      'i',
    ),
    new RegExp(
      `\\bno (?:endpoints?|providers?|models?|hosts?)\\b.{0,60}\\bsupport\\w*\\b.{0,40}\\b${feature}\\b`,
      'i',
    ),
    new RegExp(
      `\\b${feature}\\b[\`'"]?.{0,60}\\b(?:is|are)(?: currently)?(?: not|n['’]t) (?:yet )?(?:supported|available|enabled|allowed|accepted|implemented)\\b`,
      'i',
    ),
    new RegExp(
      `\\bunsupported (?:content |media |input |message )?(?:type |part |modality |format )*.{0,20}\\b${feature}\\b`,
      'i',
    ),
    new RegExp(
      `\\b${feature}\\b.{0,60}\\b(?:is|are) (?:unsupported|only supported (?:by|on|for|with))\\b`,
      'i',
    ),
    /\b(?:is|are)(?: not|n['’]t) a (?:multi-?modal|vision|tool)\b|\bnot a vision model\b|\bonly supports? text\b|\btext[- ]only\b/i,
    /^"?auto"? tool choice requires\b|^At most 0 (?:image|video|audio)/i, // vLLM
    /\bunknown variant `?image_url`?/i, // DeepSeek
    new RegExp(`\\b${feature}\\b.{0,40}\\bmodalit(?:y|ies)\\b.{0,20}\\bnot\\b`, 'i'), // Google
  ];
}

/** Whether a provider says that the model doesn't support what the call needs: images, files, tools, a response format. */
export function isUnsupported(own: readonly string[]): boolean {
  return own.some((text) => {
    // The clause may begin with the name of the model: `registry.ollama.ai/library/gemma3:4b does not support tools`.
    const clauses = firstClauses(text);
    return (sentences ??= createSentences()).some((sentence) => sentence.test(clauses));
  });
}
