import type { Choice, Member, MembersNow, Planner } from '../routing/router.ts';
import type { Call } from '../sdk/model.ts';
import { pendingStamp, stampsOf, type Path } from '../sdk/stamp.ts';
import type { Sessions } from '../stores/sessions.ts';

interface Keeping {
  readonly members: readonly Member[];
  readonly id: string;
  readonly redraw: 'turn' | 'conversation';
  readonly sessions: Sessions | undefined;
}

/** How an alloy keeps its constituent: while a tool call is pending, or for the whole conversation. */
export function keeping({ members, id, redraw, sessions }: Keeping): Partial<Planner> {
  const indexOf = (path: Path | undefined): number => members.findIndex((member) => member.id === path?.[0]);
  const choiceOf = (call: Call, picks: readonly Path[], now: MembersNow): Choice | undefined => {
    const kept = picks.find((path) => indexOf(path) >= 0);
    // A tool's result goes back to who made the tool call, also if that was a fallback.
    const pending = sessions ? undefined : pendingStamp(call, id);
    const isOpen = (path: Path | undefined): path is Path =>
      indexOf(path) >= 0 && !now.isLeftOut(indexOf(path));
    const path = [pending, kept].find(isOpen);
    const own = kept && { kept };
    return path ? { reason: 'sticky', first: indexOf(path), inside: path.slice(1), ...own } : own;
  };
  if (redraw === 'turn') return { stamps: 'answers', choose: (call, _, now) => choiceOf(call, [], now) };
  return sessions
    ? {
        keeps: true,
        answered: sessions.remember,
        choose: async (call, _, now) => choiceOf(call, await sessions.picksOf(call), now),
      }
    : { keeps: true, stamps: 'both', choose: (call, _, now) => choiceOf(call, stampsOf(call, id), now) };
}
