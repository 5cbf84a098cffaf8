import { declaredSize, sizeOf, wholeSize, type Choice, type Member, type Router } from './router.ts';

/** Sizes for one call: what is chosen in nested primitives decides what they may come to call. */
export class CallSizes {
  readonly #router: Router;
  readonly #nested: ReadonlyMap<Member, { readonly sizes: CallSizes }> | undefined;
  readonly #choice: Choice;

  /** @param nested what is known of members that are primitives */
  constructor(
    router: Router,
    nested: ReadonlyMap<Member, { readonly sizes: CallSizes }> | undefined,
    choice: Choice,
  ) {
    this.#router = router;
    this.#nested = nested;
    this.#choice = choice;
  }

  /** A member's; of a nested primitive, the largest that it may call. */
  sizeOf(member: Member): number {
    const inner = this.#nested?.get(member)?.sizes;
    return inner ? Math.min(declaredSize(member), inner.size()) : sizeOf(member);
  }

  /** The primitive's own, likewise. */
  size(): number {
    const { members, planner } = this.#router;
    const { needs, eligible = members.length } = planner;
    const { first, mayEscalate } = this.#choice;
    const chosen = first === undefined ? [] : [members[first]!];
    const others = mayEscalate === false && needs === 'some' ? [] : members.slice(0, eligible);
    return wholeSize(
      planner,
      [...chosen, ...others].map((member) => this.sizeOf(member)),
    );
  }
}
