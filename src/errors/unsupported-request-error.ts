import type { Decision } from '../decision.ts';
import { AiAlloyError, describe, hasMarker, lacksIn, namesOf } from './errors.ts';

/**
 * The request carries what no member supports (or what the one that it has to go to doesn't), by their `supports`
 * options: tools, images, files or a JSON response format. Nothing was sent, and a shorter request would be refused as
 * well. The message names what was asked and who lacks it, as `decision.candidates` does. Never retried by `ai`.
 *
 * @example
 * ```ts
 * import { UnsupportedRequestError } from 'ai-alloy';
 *
 * export function advice(error: unknown): string | undefined {
 *   if (!UnsupportedRequestError.isInstance(error)) return undefined;
 *   return error.lacks.includes('images') ? 'Images are not supported here.' : 'This is not supported here.';
 * }
 * ```
 */
export class UnsupportedRequestError extends AiAlloyError {
  /** What the request carries and members lack: `['images']`. */
  readonly lacks: NonNullable<Decision['candidates'][number]['lacks']>;

  constructor({ decision }: { decision: Decision }) {
    const lacks = lacksIn(decision);
    const all = lacks.length > 1 ? 'all of that' : 'that';
    const members = decision.candidates.map(describe).join('; ');
    const message = `the request carries ${namesOf(lacks)}, and ${lackingIn(decision)} ${all}, nothing was sent. ${members}.`;
    super('UnsupportedRequestError', message, decision);
    this.lacks = lacks;
  }

  /** Whether `error` is an UnsupportedRequestError, from any copy of this package. */
  static override isInstance(error: unknown): error is UnsupportedRequestError {
    return hasMarker(error, 'UnsupportedRequestError');
  }
}

function lackingIn({ kind, reason }: Decision): string {
  if (reason === 'rule') return "the rule's target does not support";
  if (reason === 'sticky')
    return "the target that its conversation is kept to (begin a new one, or let it go on to another: reevaluate: 'sticky-escalate', escalations) does not support";
  return kind === 'alloy' ? 'not every constituent supports' : 'no member supports';
}
