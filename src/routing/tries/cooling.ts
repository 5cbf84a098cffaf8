import { isAboutMember, type Cooldown } from '../../stores/cooldown.ts';
import { fallsThrough } from '../after-failure.ts';
import { hasFailed, type Layer } from './try.ts';

/** Puts a member that fails on cooldown. */
export const cooling =
  (cooldown: Cooldown): Layer =>
  (next) =>
  async (run, mode, member, waitedMs) => {
    const trial = cooldown.begin(member.id);
    const tried = await next(run, mode, member, waitedMs);
    if (hasFailed(tried)) {
      const isAborted = run.call.abortSignal?.aborted === true;
      // Not for the time that others took.
      const isInTime = !run.isOver || run.failures.length === 1;
      const isToBlame = tried.fallsThrough && isInTime && !isAborted && isAboutMember(tried);
      if (isToBlame) tried.onCooldown = trial.failed(tried);
      else trial.undecided();
      return tried;
    }
    trial.begun();
    tried.onEnd.push(({ outcome, deadline = 'idleMs' }, failure) => {
      if (outcome === undefined) return trial.answered();
      // Of an answer that has begun, the reader may have been slow, or have left.
      if (outcome !== 'failed' || deadline !== 'idleMs' || !failure) return;
      if (isAboutMember(failure) && fallsThrough(run.router, failure)) trial.failed(failure);
    });
    return tried;
  };
