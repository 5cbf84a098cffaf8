import type { Router } from '../router.ts';
import type { RoutedCall } from '../run.ts';
import { nearest } from './once.ts';
import type { Trying } from './try.ts';

/** What a nested primitive is called with. */
export function nestedCall({ run, member, call, plan }: Trying, router: Router): RoutedCall {
  const { first, assumedForFirst, assumedForOthers } = run.plan;
  const assumedInput = member === first ? assumedForFirst : assumedForOthers;
  return {
    router,
    call,
    outermost: false,
    streams: run.streams,
    deadlines: nearest(run.deadlines, run.router.deadlines),
    assumedInput,
    // A choice, such as a rule's, may have asked it for this call alone.
    plan: plan?.assumedForFirst === assumedInput ? plan : undefined,
  };
}
