import { mayHold } from './after-failure.ts';
import type { Arranged } from './arrange.ts';
import { sizeIn } from './call-sizes.ts';
import type { Member } from './router.ts';
import type { Run } from './run.ts';

/** Says which member to try next, after the failures so far. */
export class Queue {
  /** All members in the order in which they are tried, including those already tried. */
  readonly order: readonly Member[];
  readonly #run: Run;
  /** The members that are not on cooldown, and how many of them have had their turn. */
  readonly #ahead: readonly Member[];
  #turn = 0;
  /** The members on cooldown, and those that are too small only by a learned limit. */
  readonly #behind: Member[];
  /** Whether members that are found on cooldown at their turn are moved to the end. */
  readonly #skipsCooldown: boolean;

  constructor(run: Run, { order, availableCount, skipsCooldown }: Arranged) {
    this.#run = run;
    this.order = order;
    const hasAllAhead = availableCount === order.length && !skipsCooldown;
    this.#ahead = hasAllAhead ? order : order.slice(0, availableCount);
    this.#behind = availableCount === order.length ? [] : order.slice(availableCount);
    this.#skipsCooldown = skipsCooldown;
  }

  next(): Member | undefined {
    const { possibleOverflow, plan } = this.#run;
    while (!this.#run.isOutgrown()) {
      const isAhead = this.#turn < this.#ahead.length;
      const member = isAhead ? this.#ahead[this.#turn++] : this.#behind.shift();
      if (!member) return undefined;
      if (!this.#isOpen(member)) (this.#run.rejected ??= new Set()).add(member);
      else if (isAhead && this.#skipsCooldown && this.#mustWait(member)) this.#moveBehind(member);
      else if (!possibleOverflow || sizeIn(plan, member) > sizeIn(plan, possibleOverflow.member))
        return member;
    }
    return undefined;
  }

  /** Whether another member could take over at once. */
  isReplaceable(): boolean {
    for (let turn = this.#turn; turn < this.#ahead.length; turn++) {
      if (this.#isOpen(this.#ahead[turn]!)) return true;
    }
    return false;
  }

  /** The members that have not had their turn. */
  left(): readonly Member[] {
    return [...this.#ahead.slice(this.#turn), ...this.#behind];
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
  #mustWait(member: Member): boolean {
    return this.#run.router.cooldown?.isOnCooldown(member.id) === true && this.isReplaceable();
  }

  #moveBehind(member: Member): void {
    this.#behind.push(member);
    const order = this.order as Member[];
    order.push(...order.splice(order.indexOf(member), 1));
    (this.#run.foundOnCooldown ??= new Set()).add(member);
  }
}
