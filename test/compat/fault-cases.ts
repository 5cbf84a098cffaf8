import type { CascadeOptions, Deadline, FailureKind } from '../../src/index.ts';
import * as does from './fault-behaviours.ts';
import { answers, says, type Behaviour } from './fault-server.ts';
import type { Mode } from './run.ts';

/** What comes of a call, in a few words, and how many requests A and B got for it. */
export type Expected = readonly [outcome: string, ofA: number, ofB: number];

export interface Row {
  /** How A's failed attempts are called. */
  readonly kind?: FailureKind;
  /** The deadline that A broke. */
  readonly deadline?: Deadline;
  readonly cells: Readonly<Record<Composition, Expected>>;
}

export interface Fault {
  /** What the fault shows, by the names that the rules have. @default R-22 */
  readonly rule?: 'R-24' | 'R-25' | 'R-43';
  /** What A does, request by request; the last stays. Left out where the fault does not exist. */
  readonly generate?: readonly [Row, ...Behaviour[]];
  readonly stream?: readonly [Row, ...Behaviour[]];
  /** How long A asks to wait, which a retry has to respect. */
  readonly retryAfterMs?: number;
  /** What the primitive needs to see the fault. */
  readonly options?: Pick<CascadeOptions, 'acceptAnswer'>;
}

/** The columns of the table. */
export const compositions = {
  generate: ['alone', 'fallback', 'retries'],
  stream: ['alone', 'fallback', 'retries', 'buffer'],
} as const satisfies Record<Mode, readonly string[]>;
export type Composition = (typeof compositions)['stream'][number];

/** A row for a fault before the first content, after which B can take over. */
const before = (kind: FailureKind, retries: Expected, deadline?: Deadline): Row => ({
  kind,
  ...(deadline && { deadline }),
  cells: {
    alone: [`error: ${kind}`, 1, 0],
    fallback: ['B answers', 1, 1],
    retries,
    buffer: ['B answers', 1, 1],
  },
});

/** It is over when A is asked again. */
const passes = (kind: FailureKind): Row => before(kind, ['A answers after 1 retry', 2, 0]);
/** It is still there when A is asked again. */
const stays = (kind: FailureKind): Row => before(kind, ['B answers after 1 retry', 2, 1]);
/** A is not asked again, since that would be no use. */
const moves = (kind: FailureKind, deadline?: Deadline): Row => before(kind, ['B answers', 1, 1], deadline);

const everyCell = (cell: Expected): Row['cells'] => ({
  alone: cell,
  fallback: cell,
  retries: cell,
  buffer: cell,
});

/** A fault after the first content: only an answer that was held back can still be replaced. */
const breaks = (kind: FailureKind, deadline?: Deadline): Row => ({
  kind,
  ...(deadline && { deadline }),
  cells: { ...everyCell([`half of A, then error: ${kind}`, 1, 0]), buffer: ['B answers', 1, 1] },
});

/** An error that another member would not mend. */
const thrown = (kind: FailureKind): Row => ({ kind, cells: everyCell([`error: ${kind}`, 1, 0]) });
const answered = (outcome = 'A answers'): Row => ({ cells: everyCell([outcome, 1, 0]) });

const everywhere = (row: Row, ...behaviours: Behaviour[]): Pick<Fault, Mode> => ({
  generate: [row, ...behaviours],
  stream: [row, ...behaviours],
});

/** All faults, by what A does. Every cell is the same in ai 4 to 7. */
export const faults: Readonly<Record<string, Fault>> = {
  '429 once': everywhere(passes('rate-limit'), says(429, does.limited), does.whole),
  '429 once, with a Retry-After of 120 ms': {
    rule: 'R-25',
    retryAfterMs: 120,
    ...everywhere(passes('rate-limit'), says(429, does.limited, { 'retry-after-ms': '120' }), does.whole),
  },
  '429 once, with a Retry-After of 30 s': {
    rule: 'R-25',
    ...everywhere(moves('rate-limit'), says(429, does.limited, { 'retry-after': '30' }), does.whole),
  },
  '429 every time': everywhere(stays('rate-limit'), says(429, does.limited)),
  '429 every time, with a Retry-After of 120 ms': {
    rule: 'R-25',
    retryAfterMs: 120,
    ...everywhere(stays('rate-limit'), says(429, does.limited, { 'retry-after-ms': '120' })),
  },
  '429, the quota is used up': everywhere(
    moves('quota'),
    says(429, does.error('insufficient_quota', 'insufficient_quota')),
  ),
  '500 once': everywhere(passes('server-error'), says(500, does.failed), does.whole),
  '503 every time': everywhere(stays('server-error'), says(503, does.error('overloaded_error'))),
  '502 with HTML': everywhere(stays('server-error'), says(502, '<html>Bad Gateway</html>')),
  'connection reset before the headers': everywhere(stays('network'), does.reset),
  'connection reset before the headers, once': everywhere(passes('network'), does.reset, does.whole),
  'connection reset after the headers': {
    generate: [stays('network'), does.halfBody(does.reset)],
    stream: [stays('network'), does.afterHeaders(does.reset)],
  },
  'connection closed after the headers': {
    generate: [stays('network'), does.halfBody(does.hangUp)],
    stream: [stays('network'), does.afterHeaders(does.hangUp)],
  },
  'connection reset in the middle of the answer': { stream: [breaks('network'), does.afterHalf(does.reset)] },
  'connection closed in the middle of the answer': {
    stream: [breaks('network'), does.afterHalf(does.hangUp)],
  },
  'no answer at all': {
    generate: [moves('timeout', 'totalMs'), does.silence],
    stream: [moves('timeout', 'firstContentMs'), does.silence],
  },
  'pings, but the first content comes too late': {
    stream: [moves('timeout', 'firstContentMs'), does.lateStart],
  },
  'silence in the middle of the answer': {
    generate: [moves('timeout', 'totalMs'), does.halfBody(does.silence)],
    stream: [breaks('timeout', 'idleMs'), does.afterHalf(does.silence)],
  },
  'slow, but within the timeouts': {
    generate: [answered(), does.slowBody],
    stream: [answered(), does.slowStream],
  },
  'an unreadable answer': {
    generate: [stays('malformed-response'), says(200, 'OK')],
    stream: [stays('malformed-response'), does.event('<html>')],
  },
  'an unreadable chunk in the middle of the answer': {
    stream: [breaks('malformed-response'), does.afterHalf(does.eventAndMore('{"choices": ['))],
  },
  'an error with status 200': {
    generate: [stays('server-error'), says(200, does.failed)],
    stream: [stays('server-error'), does.event(does.failed)],
  },
  'an error in the middle of the answer': {
    stream: [breaks('server-error'), does.afterHalf(does.eventAndMore(does.failed))],
  },
  'an empty body with status 200': everywhere(stays('malformed-response'), does.nothing),
  'a stream that is only [DONE]': {
    stream: [stays('malformed-response'), does.onlyDone],
  },
  'ends without a finish reason': {
    stream: [breaks('malformed-response'), does.afterHalf(does.done)],
  },
  'ends without [DONE], but with a finish reason': {
    stream: [answered(), does.withoutDone],
  },
  'the request is too long': {
    rule: 'R-24',
    ...everywhere(
      moves('overflow'),
      says(400, does.error('invalid_request_error', 'context_length_exceeded')),
    ),
  },
  'the request is too long, in the words of llama.cpp': {
    rule: 'R-24',
    ...everywhere(moves('overflow'), says(400, does.tooLongForLlama)),
  },
  'the request is too large (413 from a proxy)': {
    rule: 'R-24',
    ...everywhere(moves('overflow'), says(413, '<html>413 Request Entity Too Large</html>')),
  },
  'the credit is used up (400)': everywhere(
    moves('quota'),
    says(400, does.saying('Your credit balance is too low to access the API.', 'invalid_request_error')),
  ),
  'the request is above the tokens per minute of the tier (429)': everywhere(
    moves('rate-limit'),
    says(
      429,
      does.saying('Request too large for m on tokens per min (TPM): Limit 9000, Requested 14000.', 'tokens'),
    ),
  ),
  'the model takes no images (404)': everywhere(
    moves('unsupported'),
    says(404, does.saying('No endpoints found that support image input', null)),
  ),
  'a conflict (409) every time': everywhere(stays('server-error'), says(409, does.error('conflict_error'))),
  'a generation that the vendor calls failed (400)': everywhere(
    stays('malformed-response'),
    says(400, does.error('invalid_request_error', 'tool_use_failed')),
  ),
  'a progress event of a server before the first content': {
    stream: [answered('A answers, beside an error part'), does.progressFirst],
  },
  'a progress event of a server in the middle of the answer': {
    stream: [answered('A answers, beside an error part'), does.afterHalf(does.progressAndMore)],
  },
  'the prompt is filtered (400)': everywhere(thrown('content-filter'), says(400, does.filtered)),
  'the answer is filtered (finish reason)': everywhere(
    answered('A answers (content-filter)'),
    answers('content_filter'),
  ),
  '`acceptAnswer` rejects the answer': {
    rule: 'R-43',
    options: { acceptAnswer: ({ text }) => !text.startsWith('A') },
    generate: [stays('rejected'), does.whole],
    stream: [
      { kind: 'rejected', cells: { ...everyCell(['A answers', 1, 0]), buffer: ['B answers', 1, 1] } },
      does.whole,
    ],
  },
  '400, a bad request': everywhere(thrown('bad-request'), says(400, does.error('invalid_request_error'))),
  '401, a wrong key': everywhere(
    thrown('auth'),
    says(401, does.error('invalid_request_error', 'invalid_api_key')),
  ),
  '404, no such model': everywhere(
    thrown('not-found'),
    says(404, does.error('invalid_request_error', 'model_not_found')),
  ),
};
