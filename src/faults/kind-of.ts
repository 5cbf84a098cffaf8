import type { FailureKind } from '../decision.ts';
import type { Failure } from './failure.ts';
import { isNetworkSentence, isTimeoutSentence, networkCode } from './network.ts';
import { isOverflowCode, overflowIn } from './overflow.ts';
import { isQuotaSentence } from './quota.ts';
import { exceedsRateLimit, isRateLimitSentence } from './rate-limit.ts';
import { fieldsIn, stringsIn } from './read-error.ts';
import { isUnsupported } from './unsupported.ts';
import { saysWhatIsWrong } from './caller-mistake.ts';

// The kind by an error's name, code, type or reason, never by its message. The first match counts.
const kindByWord: readonly (readonly [FailureKind, RegExp])[] = [
  ['truncated', /PromptTruncated/],
  ['rejected', /AnswerRejected/],
  [
    'quota',
    /insufficient_?(quota|balance|credit|funds)|billing|payment_required|(exceeded_current|Service|Allocation)_?Quota|budget_exceeded|(credit|quota|spend|usage)s?_?(limit)?_?(exceeded|exhausted)|Arrearage/i,
  ],
  [
    'rate-limit',
    /rate.?limit|too.?many.?requests|resource.{1,10}exhausted|throttl|capacity_exceeded|ModelNotReady/i,
  ],
  // A failed generation, which vendors also report with status 400.
  ['malformed-response', /tool_use_failed|json_validate_failed|failed_generation|output_parse_failed/i],
  ['timeout', /time(d_?)?_?out|DEADLINE/i],
  ['network', networkCode],
  ['content-filter', /content_(filter|policy)|ResponsibleAI|moderation|data_?inspection|^sensitive/i],
  [
    'auth',
    /api_?key|authentication|permission|unauth|forbidden|AccessDenied|ExpiredToken|UnrecognizedClient/i,
  ],
  ['not-found', /not.?found|NoSuch|decommissioned/i],
  [
    'unsupported',
    /UnsupportedFunctionality|unsupported_(image|media|content|modal|file|tool|function|response_format)/i,
  ],
  [
    'server-error',
    /server_?error|api_error|internal_?(server|error)|overloaded|unavailable|Model(Stream)?Error|^INTERNAL$|^(incomplete_)?generation$/i,
  ],
  [
    'malformed-response',
    /malformed|JSONParse|TypeValidation|EmptyResponse|InvalidResponse|NoContent|GatewayResponse/i,
  ],
  ['aborted', /Abort/], // by the member itself: an abort by the caller is handled before
  [
    'bad-request',
    /invalid.?(request|argument)|validation|BadRequest|InvalidPrompt|LoadSetting|InvalidMessageRole|InvalidDataContent|MessageConversion/i,
  ],
];

const kindByStatus: Readonly<Record<number, FailureKind>> = {
  401: 'auth',
  402: 'quota',
  403: 'auth',
  404: 'not-found',
  408: 'timeout',
  409: 'server-error', // a conflict with another request, which the SDK retries as well
  410: 'not-found',
  425: 'server-error', // too early
  429: 'rate-limit',
  498: 'rate-limit', // Groq: no capacity in the flex tier
  499: 'timeout', // the server itself gave up
};

// The kinds by which an error's words may refine its status: for a 5xx only a few, for a 4xx also those about the call.
const refinesServerError = /quota|rate-limit|timeout/;
const refinesRequestError = /quota|rate-limit|timeout|auth|not-found|content-filter|malformed|unsupported/;
/** Statuses with which a sentence may say that the call is too long. Local servers use 500. */
const overflowStatus = /^(?:0|200|4(?:00|04|13|22)|500)$/;
const quotaStatus = /^(?:0|200|4(?:00|02|03|12|13|29))$/;

interface Told {
  readonly levels: readonly unknown[];
  readonly words: readonly string[];
  readonly said: readonly string[];
  /** The provider's own words in what it said. */
  readonly own: readonly string[];
  readonly status: number | undefined;
  /** Whether the status is the provider package's guess. */
  readonly isGuess: boolean;
  /** Whether the SDK marks the error as retryable, which means a network error if it has no status. */
  readonly isNetwork: boolean;
}

type Found = Pick<Failure, 'kind' | 'statedLimit' | 'exceedsRateLimit' | 'mayBeOverflow'>;

/** Classifies an error by what was read from it. */
export function kindOf(told: Told): Found {
  const { words, own, status = 0 } = told;
  const kind = kindByCodes(told);
  if (quotaStatus.test(String(status)) && kind !== 'content-filter' && isQuotaSentence(own))
    return { kind: 'quota' };
  // An overflow code counts more than a status. But with a 429, only one about the context: a token limit may be per minute.
  const isContext = status === 429 && words.some((word) => /context/i.test(word)) && isOverflowCode(words);
  if (!isContext && (kind === 'rate-limit' || kind === 'auth' || status === 413)) {
    if (exceedsRateLimit(own)) return { kind: 'rate-limit', exceedsRateLimit: true };
    if (kind === 'rate-limit') return { kind };
  }
  const isOpen = /^(unknown|bad-request|not-found|server-error|malformed-response)$/.test(kind);
  const mayBeOverflow = isOverflowCode(words) || (isOpen && overflowStatus.test(String(status)));
  const overflow = mayBeOverflow ? overflowIn(words, own, fieldsIn(told.levels, ['n_ctx'])[0]) : undefined;
  if (overflow || status === 413)
    return { kind: 'overflow', statedLimit: overflow?.statedLimit ?? Number.NaN };
  return refined(told, kind);
}

/** Errors of the AI SDK about what the caller passed, thrown before anything is sent. */
const ofTheCaller =
  /^AI_(InvalidArgument|InvalidPrompt|InvalidMessageRole|InvalidDataContent|MessageConversion)Error$/;

/** The kind by type, code and status. */
function kindByCodes({ words, status = 0, isGuess, isNetwork, said }: Told): FailureKind {
  if (status === 0 && words.some((word) => ofTheCaller.test(word))) return 'bad-request';
  const kind = kindByWord.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0];
  if (isGuess && kind && kind !== 'bad-request') return kind;
  if (status >= 500) return kind && refinesServerError.test(kind) ? kind : 'server-error';
  if (status === 408 || status === 429) return kind === 'quota' ? kind : kindByStatus[status]!;
  // 424: the model behind the API failed (Bedrock, TGI), or the gateway can't provide what the caller asked for.
  if (status === 424 && kind === 'server-error') return kind;
  if (status >= 400)
    return kind && refinesRequestError.test(kind) ? kind : (kindByStatus[status] ?? 'bad-request');
  if (kind && kind !== 'bad-request' && kind !== 'malformed-response') return kind;
  if (said.some(isTimeoutSentence)) return 'timeout';
  if (isNetwork || said.some(isNetworkSentence)) return 'network';
  return kind ?? 'unknown';
}

/** The kind by the message, for a failure whose codes don't decide it. */
function refined({ levels, words, own, status = 0 }: Told, kind: FailureKind): Found {
  if (kind === 'unknown' && isRateLimitSentence(own)) return { kind: 'rate-limit' };
  if (/^(unknown|bad-request|not-found)$/.test(kind) && isUnsupported(own)) return { kind: 'unsupported' };
  if (kind !== 'bad-request' || (status !== 400 && status !== 422)) return { kind };
  return saysWhatIsWrong(words, stringsIn(levels, ['param']), own) ? { kind } : { kind, mayBeOverflow: true };
}
