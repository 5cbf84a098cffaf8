import { isAboutMember, type Cooldown } from '../../stores/cooldown.ts';
import { fallsThrough } from '../after-failure.ts';
import { hasFailed, type Layer } from './try.ts';

/** Puts a member that fails on cooldown. */
export const cooling =
  (cooldown: Cooldown): Layer =>
  (next) =>
  async (run, mode, member, waitedMs) => {
    const report = cooldown.beginCall(member.id, (ms) => run.observer?.cooldownStarted(ms));
    const tried = await next(run, mode, member, waitedMs);
    if (hasFailed(tried)) {
      const isAborted = run.call.abortSignal?.aborted === true;
      // If `deadlineMs` passed, other members may have used up the time.
      const isInTime = !run.isOver || run.failures.length === 1;
      const isToBlame = tried.fallsThrough && isInTime && !isAborted && isAboutMember(tried);
      if (isToBlame) tried.onCooldown = report.failed(tried);
      else report.undecided();
      return tried;
    }
    report.begun();
    tried.onEnd.push(({ outcome, deadline = 'idleMs' }, failure) => {
      if (outcome === undefined) return report.answered();
      // After the first content, the consumer may have been slow or have cancelled: only `idleMs` is the member's
      // fault.
      if (outcome !== 'failed' || deadline !== 'idleMs' || !failure) return;
      if (isAboutMember(failure) && fallsThrough(run.router, failure)) report.failed(failure);
    });
    return tried;
  };
