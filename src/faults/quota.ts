import { firstClauses } from './own-words.ts';

// Sentences in which vendors say that money or an allowance is used up, for errors whose code or status says something
// else. Each is about the account ("your", "balance", "credits"), since a limit per minute is a rate limit.
const sentences: readonly RegExp[] = [
  /\b(?:credit|account|wallet)?\s?balance\b.{0,40}\b(?:too low|insufficient|exhausted|negative|depleted|empty)\b/i,
  /\b(?:insufficient|not enough|no|low|out of|ran out of)\b.{0,20}\b(?:balance|credits?|funds|quota)\b/i,
  /\b(?:credits?|free tier|free (?:allocation|quota|trial)|trial|allowance|quota|resource package)\b.{0,60}\b(?:exhausted|exceeded|used up|depleted|expired|ended|reached|run out)\b/i,
  /\b(?:used (?:up )?(?:all|your)|exhausted)\b.{0,60}\b(?:credits?|quota|allocation|allowance|budget|limit)\b/i,
  /\b(?:spend(?:ing)?|usage|key|monthly|weekly|daily|billing|hard|budget|cost)[ /\w]{0,20} (?:limits?|caps?)\b.{0,40}\b(?:exceeded|reached|exhausted|hit)\b/i,
  /\b(?:exceeded|reached|hit)\b.{0,60}\b(?:spend(?:ing)?|usage|monthly|weekly|daily|billing|hard|budget|credit)[ /\w]{0,20} (?:limits?|caps?|quota)\b/i,
  /\b(?:budget|quota) (?:has been |was |is )?(?:exceeded|exhausted|used up)\b|\bover (?:your )?(?:budget|quota)\b/i,
  /\bexceeded your (?:current |monthly |daily )?quota\b|\bpayment (?:is )?required\b|\bplease (?:recharge|top up|add (?:more )?credits)\b/i,
  /\b(?:account|organization|project|billing)\b.{0,60}\b(?:suspended|disabled|inactive|past due|overdue)\b.{0,80}\b(?:spend\w*|pay\w*|billing|invoices?|balance)\b/i,
  /\bdepleted\b.{0,40}\bcredits?\b|\bexceeded (?:its|your|the) budget\b|\b(?:monthly|weekly|daily) usage (?:has been |is )?exceeded\b/i,
  /\bno remaining (?:balance|credits?|quota|tokens)\b|\b(?:ran|run) out of (?:tokens|quota)\b.{0,20}\b(?:today|day|week|month)\b/i,
  /余额不足|欠费|额度(?:已)?(?:用完|耗尽|不足)|请充值/,
];
/** Limits per minute or second: they pass by themselves, so they are rate limits. */
const perMinute = /\bper[ -](?:second|min\w*)\b|\b[TR]PM\b|requests? per|rate limit (?:reached|exceeded)/i;

/** Whether a provider says that money, credits or an allowance are used up. */
export function isQuotaSentence(own: readonly string[]): boolean {
  return own.some((text) => {
    const clauses = firstClauses(text);
    return !perMinute.test(clauses) && sentences.some((sentence) => sentence.test(clauses));
  });
}
