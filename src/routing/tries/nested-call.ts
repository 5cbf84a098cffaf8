import type { Router } from '../router.ts';
import type { RoutedCall } from '../run.ts';
import { nearest } from './once.ts';
import type { Trying } from './try.ts';

/** What a nested primitive is called with. */
export function nestedCall({ run, member, call, plan }: Trying, router: Router): RoutedCall {
  const { first, assumedForFirst, assumedForOthers } = run.plan;
  return {
    router,
    call,
    outermost: false,
    streams: run.streams,
    deadlines: nearest(run.deadlines, run.router.deadlines),
    assumedInput: member === first ? assumedForFirst : assumedForOthers,
    plan,
  };
}
