import { mayHold } from './after-failure.ts';
import type { Arranged } from './arrange.ts';
import type { Member } from './router.ts';
import type { Run } from './run.ts';

/** Whom to try next, as failures leave it. */
export class Queue {
  /** The members in the order in which they are tried, those that were tried included. */
  readonly order: readonly Member[];
  readonly #run: Run;
  /** Those that are not on cooldown, and how many of them had their turn. */
  readonly #ahead: readonly Member[];
  #turn = 0;
  /** Those on cooldown, and those that only a learned limit stands in the way of. */
  readonly #behind: Member[];
  /** Whether members on cooldown are passed over. */
  readonly #passesOver: boolean;

  constructor(run: Run, { order, availableCount, passesOver }: Arranged) {
    this.#run = run;
    this.order = order;
    const isWhole = availableCount === order.length && !passesOver;
    this.#ahead = isWhole ? order : order.slice(0, availableCount);
    this.#behind = availableCount === order.length ? [] : order.slice(availableCount);
    this.#passesOver = passesOver;
  }

  next(): Member | undefined {
    const { suspect, plan } = this.#run;
    const { sizes } = plan;
    while (!this.#isOutgrown()) {
      const isAhead = this.#turn < this.#ahead.length;
      const member = isAhead ? this.#ahead[this.#turn++] : this.#behind.shift();
      if (!member) return undefined;
      if (!this.#isOpen(member)) (this.#run.rejected ??= new Set()).add(member);
      else if (isAhead && this.#passesOver && this.#mustWait(member)) this.#moveBehind(member);
      else if (!suspect || sizes.sizeOf(member) > sizes.sizeOf(suspect.member)) return member;
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

  /** Those that have not had their turn. */
  left(): readonly Member[] {
    return [...this.#ahead.slice(this.#turn), ...this.#behind];
  }

  /** Whether what failed so far leaves the member in the running. */
  #isOpen(member: Member): boolean {
    const { failures, plan } = this.#run;
    return failures.every((failure) => mayHold(plan.sizes, member, failure));
  }

  /** Whether what was chosen is too small, and no other may take its place. */
  #isOutgrown(): boolean {
    const { failures, plan } = this.#run;
    return (
      !plan.mayEscalate && failures.some(({ kind, member }) => kind === 'overflow' && member === plan.first)
    );
  }

  /** Whether another call has begun, since the order was made, to try if the member's cooldown is over. */
  #mustWait(member: Member): boolean {
    return this.#run.router.cooldown?.rests(member.id) === true && this.isReplaceable();
  }

  #moveBehind(member: Member): void {
    this.#behind.push(member);
    const order = this.order as Member[];
    order.push(...order.splice(order.indexOf(member), 1));
    (this.#run.resting ??= new Set()).add(member);
  }
}
