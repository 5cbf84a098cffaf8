import { declaredSize, sizeOf, sizeOfPrimitive } from './member-size.ts';
import type { Choice, Member, Router } from './router.ts';

/** The sizes of members for one call: they depend on which members nested primitives may choose for it. */
export class CallSizes {
  readonly #router: Router;
  readonly #nested: ReadonlyMap<Member, { readonly sizes: CallSizes }> | undefined;
  readonly #choice: Choice;
  readonly #leftOut: ReadonlySet<Member> | undefined;
  readonly #lacking: ReadonlySet<Member> | undefined;

  /**
   * @param nested the plans of members that are primitives
   * @param leftOut members that the call leaves out
   * @param lacking members that lack what the call carries
   */
  constructor(
    router: Router,
    nested: ReadonlyMap<Member, { readonly sizes: CallSizes }> | undefined,
    choice: Choice,
    leftOut: ReadonlySet<Member> | undefined,
    lacking: ReadonlySet<Member> | undefined,
  ) {
    this.#router = router;
    this.#nested = nested;
    this.#choice = choice;
    this.#leftOut = leftOut;
    this.#lacking = lacking;
  }

  /** The size of a member; of a nested primitive, that of the largest member that it may call. */
  sizeOf(member: Member): number {
    const inner = this.#nested?.get(member)?.sizes;
    return inner ? Math.min(declaredSize(member), inner.size()) : sizeOf(member);
  }

  /** The size of the primitive itself: that of the largest member that it may call. */
  size(): number {
    const { members, planner } = this.#router;
    const { needs, eligible = members.length } = planner;
    const { first, mayEscalate } = this.#choice;
    const chosen = first === undefined ? [] : [members[first]!];
    const others = mayEscalate === false && needs === 'some' ? [] : members.slice(0, eligible);
    return sizeOfPrimitive(
      planner,
      [...chosen, ...others]
        .filter((member) => !this.#leftOut?.has(member) && !this.#lacking?.has(member))
        .map((member) => this.sizeOf(member)),
    );
  }
}
