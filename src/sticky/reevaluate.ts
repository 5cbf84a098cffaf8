import { check } from '../errors.ts';
import { assertOneOf } from '../routing/options.ts';
import { parseSize, type TokenSize } from '../tokens/size.ts';
import { assertSession, createSessions, type SessionOptions, type Sessions } from './sessions.ts';
import { assertStampable } from './stamp.ts';

/** What a dispatcher says of when to choose. */
interface ReevaluateOptions {
  readonly id?: string;
  readonly reevaluate?: 'per-turn' | 'sticky' | 'sticky-escalate' | 'worst-case';
  readonly escalations?: number;
  readonly assumeSessionMaxTokens?: TokenSize;
  readonly session?: SessionOptions;
}

/** What was made of it. */
interface Reevaluate {
  readonly isSticky: boolean;
  readonly assumedInput: number | undefined;
  readonly escalations: number;
  readonly sessions: Sessions | undefined;
}

/** Reads and checks; what belongs to another way to choose is an error, since it would have no effect. */
export function parseReevaluate(where: string, id: string, options: ReevaluateOptions): Reevaluate {
  const { reevaluate = 'per-turn', escalations, assumeSessionMaxTokens, session } = options;
  assertOneOf(`${where}: reevaluate`, reevaluate, ['per-turn', 'sticky', 'sticky-escalate', 'worst-case']);
  const isSticky = reevaluate === 'sticky' || reevaluate === 'sticky-escalate';
  const isEscalating = reevaluate === 'sticky-escalate';
  const belongs = (name: string, value: unknown, isIts: boolean, to: string): void =>
    check(
      value === undefined || isIts,
      `${where}: ${name}`,
      value,
      `it has no effect without reevaluate: ${to}`,
    );
  belongs('escalations', escalations, isEscalating, "'sticky-escalate'");
  const isCount = escalations === undefined || (Number.isSafeInteger(escalations) && escalations > 0);
  check(isCount, `${where}: escalations`, escalations, 'use a whole number above 0');
  belongs('assumeSessionMaxTokens', assumeSessionMaxTokens, reevaluate === 'worst-case', "'worst-case'");
  belongs('session', session, isSticky, "'sticky' or 'sticky-escalate'");
  assertSession(`${where}: session`, session);
  assertStampable(`${where}: reevaluate`, reevaluate, isSticky && !session, options.id);
  const assumed =
    reevaluate === 'worst-case'
      ? parseSize(`${where}: assumeSessionMaxTokens`, assumeSessionMaxTokens)
      : undefined;
  return {
    isSticky,
    assumedInput: assumed,
    escalations: isEscalating ? (escalations ?? 1) : 0,
    sessions: session && createSessions(session, id),
  };
}
