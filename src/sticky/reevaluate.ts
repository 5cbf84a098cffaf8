import { at, type Place } from '../errors/place.ts';
import { parseSize, type TokenSize } from '../tokens/size.ts';
import { createSessions, type SessionOptions, type Sessions } from '../stores/sessions.ts';
import { assertStampable } from '../sdk/stamp.ts';

/** A dispatcher's options about when to choose a target. */
interface ReevaluateOptions {
  readonly id?: string;
  readonly reevaluate?: 'per-turn' | 'sticky' | 'sticky-escalate' | 'worst-case';
  readonly escalations?: number;
  readonly assumeSessionMaxTokens?: TokenSize;
  readonly session?: SessionOptions;
}

/** The options in the form that the dispatcher uses. */
interface Reevaluate {
  readonly isSticky: boolean;
  readonly assumedInput: number | undefined;
  readonly escalations: number;
  readonly sessions: Sessions | undefined;
}

/** Reads options whose types have already been checked one by one. */
export function parseReevaluate(where: Place, id: string, options: ReevaluateOptions): Reevaluate {
  const { reevaluate = 'per-turn', escalations = 1, assumeSessionMaxTokens, session } = options;
  const isSticky = reevaluate === 'sticky' || reevaluate === 'sticky-escalate';
  assertStampable(at(where, 'reevaluate'), reevaluate, isSticky && !session, options.id);
  return {
    isSticky,
    assumedInput:
      reevaluate === 'worst-case'
        ? parseSize(at(where, 'assumeSessionMaxTokens'), assumeSessionMaxTokens)
        : undefined,
    escalations: reevaluate === 'sticky-escalate' ? escalations : 0,
    sessions: session && createSessions(session, id),
  };
}
