/** In UTF-16 units. No vendor's own sentence is longer. */
const maxLength = 1000;

/** Prefixes that SDKs, proxies and vendors put before the sentence that says what is wrong. */
const prefixes =
  /^(?:(?:<\d+> )?[\w.]{0,60}(?:Error|Exception|Parameter)(?:: | - )|(?:Error|Bad Request|\d{3}|\d{3} Bad Request|API error|Upstream error|Provider returned error)(?: from provider)?(?: \([^()]{1,60}\))?(?:: | - )|(?:[A-Z]\w+ ){1,3}Error - |The model returned the following errors: |Input validation error: |Invalid request: |Invalid input argument(?: for Model '[^']{1,100}')?: |invalid params, |An error occurred: )+/i;

/**
 * The request and trace ids that proxies append to every message: a classifier that finds the word `id` takes the message
 * for a complaint about an id. No text matches in two ways, so that trying all of them never takes long.
 */
const suffix = /(?:[\s,;]{0,2}[([]?\b(?:request|trace)[ _-]?id\b[:= ]+[\w./-]{1,100}(?:[)\]]\.?)?)+$/i;

/** A quotation with a space in it: not an identifier, but text that the caller sent. */
const quotation = /(^|[\s(:,=[])["'“‘`](?=[^"'”’`]{0,200}\s)[\s\S]*$/;

/**
 * A vendor's own words in an error message: without what SDKs and proxies put around them, and only up to the
 * first quotation, which may be a part of the prompt.
 */
export function ownWords(text: string): string {
  return text.slice(0, maxLength).trim().replace(prefixes, '').replace(suffix, '').replace(quotation, '$1');
}

/** A vendor's own words up to a colon or a line break, since the prompt may follow there. */
export function firstClauses(own: string): string {
  return own.slice(0, 400).split(/: |\n/, 1)[0]!;
}
