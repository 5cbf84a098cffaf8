import type { Attempt } from '../decision.ts';
import { noDeadlines } from '../faults/attempt-options.ts';
import { watch, type Deadlines, type Watch, type Watched } from '../faults/watch.ts';
import type { Call } from '../spec/model.ts';
import type { Remembered } from '../tokens/call/recall.ts';
import type { Member, Router } from './router.ts';

/** A call on a primitive. */
export interface Request {
  readonly router: Router;
  readonly call: Call;
  /** Whether no other primitive passed it on. */
  readonly outermost: boolean;
  /** Whether the answer comes in parts, between which there is something to wait for. */
  readonly streams: boolean;
  /** Those of the primitives around this one, for attempts that nobody here says anything of. */
  readonly deadlines: Deadlines;
  /** Input tokens that they plan for at least. */
  readonly assumedInput: number;
}

/** A member that is about to be called. */
export interface Trying {
  readonly member: Member;
  /** The call, with the signal that the attempt's deadlines abort. */
  readonly call: Call;
  readonly sent: Remembered;
  readonly watch: Watch;
  /** Input tokens that a nested primitive is told to plan for at least. */
  readonly assumedInput: number;
  /** Whether an answer that would be this error leads on to another member; otherwise it is an answer. */
  leadsOn(error: unknown): boolean;
}

/** Begins to watch a try of a member; `close` puts it on record. */
export function beginTry(
  { router, call, streams, deadlines: around }: Request,
  member: Member,
  attempts: Attempt[],
  { sent, whole, waitedMs }: Pick<Trying, 'sent'> & Pick<Watched, 'whole'> & Pick<Attempt, 'waitedMs'>,
): { readonly watching: Watch; close(outcome: Partial<Attempt>): void } {
  const startedAt = performance.now();
  const { resolved, id, provider } = member;
  // Only what a string id led to can lead back; many calls may share a prompt.
  const tries = provider === undefined ? 1 : 0;
  sent.tries += tries;
  // Around a nested primitive only what was said of it: what was said of all attempts holds inside, for each.
  const deadlines = resolved?.router ? member.deadlines : nearest(around, router.deadlines, member.deadlines);
  const watching = watch({
    member: id,
    signal: call.abortSignal,
    deadlines: streams ? deadlines : { totalMs: deadlines.totalMs },
    whole,
    obeys: Boolean(resolved?.router),
  });
  return {
    watching,
    close(outcome) {
      sent.tries -= tries;
      watching.release();
      const durationMs = Math.round(performance.now() - startedAt);
      const waited = waitedMs === undefined ? undefined : { waitedMs };
      attempts.push(Object.assign({ id, outcome: 'answered' as const, durationMs }, waited, outcome));
    },
  };
}

/** What is passed on to a nested primitive. */
export function requestFor(
  nested: Router,
  { router, deadlines, streams }: Request,
  { call, assumedInput }: Trying,
): Request {
  return {
    router: nested,
    call,
    outermost: false,
    streams,
    deadlines: nearest(deadlines, router.deadlines),
    assumedInput,
  };
}

/** Deadlines of which the later ones come first; copies nothing in the usual case, which has none. */
const nearest = (...all: readonly Deadlines[]): Deadlines =>
  all.every((each) => each === noDeadlines) ? noDeadlines : Object.assign({}, ...all);

/** The call as an attempt is to have it. */
export const withSignal = (call: Call, abortSignal: AbortSignal | undefined): Call =>
  abortSignal === call.abortSignal ? call : Object.assign({}, call, { abortSignal });
