import { mayHold } from './after-failure.ts';
import type { Arranged } from './arrange.ts';
import { sizeIn } from './call-sizes.ts';
import type { Member } from './router.ts';
import type { Run } from './run.ts';

/** Says which member to try next, after the failures so far. */
export class Queue {
  /** All members in the order in which they are tried, including those already tried. */
  readonly order: Member[];
  readonly #run: Run;
  /** How many members have had their turn. */
  #turn = 0;
  /**
   * How many members, from the first, are not on cooldown. The members after these are on cooldown, or are too small only
   * by a learned limit.
   */
  #available: number;

  constructor(run: Run, { order, availableCount }: Arranged) {
    this.#run = run;
    this.order = order;
    this.#available = availableCount;
  }

  next(): Member | undefined {
    const { possibleOverflow, plan } = this.#run;
    while (this.#turn < this.order.length && !this.#run.isOutgrown()) {
      const member = this.order[this.#turn++]!;
      if (!this.#isOpen(member)) this.#run.passOver(member, 'rejected');
      else if (this.#mustWait(member)) this.#moveToEnd(member);
      else if (!possibleOverflow || sizeIn(plan, member) > sizeIn(plan, possibleOverflow.member))
        return member;
    }
    return undefined;
  }

  /** Whether another member could take over at once. */
  isReplaceable(): boolean {
    return this.order.slice(this.#turn, this.#available).some((member) => this.#isOpen(member));
  }

  /** The members that have not had their turn. */
  left(): readonly Member[] {
    return this.order.slice(this.#turn);
  }

  /** Whether the failures so far allow the member to be tried: it is not too small. */
  #isOpen(member: Member): boolean {
    const { failures, plan } = this.#run;
    return failures.every((failure) => mayHold(plan, member, failure));
  }

  /**
   * Whether the member has gone on cooldown since the order was made, or another call is probing it, and a replacement
   * is left.
   */
  #mustWait({ id }: Member): boolean {
    const { cooldown } = this.#run.router;
    const isAvailable = this.#turn <= this.#available;
    return isAvailable && cooldown?.isOnCooldown(id) === true && this.isReplaceable();
  }

  #moveToEnd(member: Member): void {
    this.#turn--;
    this.#available--;
    this.order.push(...this.order.splice(this.#turn, 1));
    this.#run.passOver(member, 'resting');
  }
}
