/** No vendor's own sentence is longer, in UTF-16 units. */
const longest = 1000;

/** What SDKs, proxies and vendors put in front of the sentence that says what is wrong. */
const prefixes =
  /^(?:(?:<\d+> )?[\w.]{0,60}(?:Error|Exception|Parameter)(?:: | - )|(?:Error|Bad Request|\d{3}|\d{3} Bad Request|API error|Upstream error|Provider returned error)(?: from provider)?(?: \([^()]{1,60}\))?(?:: | - )|(?:[A-Z]\w+ ){1,3}Error - |The model returned the following errors: |Input validation error: |Invalid request: |Invalid input argument(?: for Model '[^']{1,100}')?: |invalid params, |An error occurred: )+/i;

/** Quoted text with a space in it: no identifier, but what the caller sent. */
const quotation = /(^|[\s(:,=[])["'“‘`](?=[^"'”’`]{0,200}\s)[\s\S]*$/;

/**
 * What a vendor says in its own words, from where they begin: without what SDKs and proxies put in front, and only up
 * to the first quotation, since that may be of the prompt.
 */
export function ownWords(text: string): string {
  return text.slice(0, longest).trim().replace(prefixes, '').replace(quotation, '$1');
}

/** The first clauses of a vendor's own words, up to a colon or a line break: what is behind one may be the prompt. */
export function firstClauses(own: string): string {
  return own.slice(0, 400).split(/: |\n/, 1)[0]!;
}
