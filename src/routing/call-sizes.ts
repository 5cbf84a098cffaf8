import { declaredSize, sizeOf, wholeSize, type Choice, type Member, type Router } from './router.ts';

/** Sizes for one call: what is chosen in nested primitives decides what they may come to call. */
export interface CallSizes {
  /** A member's; of a nested primitive, the largest that it may call. */
  sizeOf(member: Member): number;
  /** The primitive's own, likewise. */
  size(): number;
}

/** @param nested what is known of members that are primitives */
export function callSizes(
  { members, planner }: Router,
  nested: ReadonlyMap<Member, { readonly sizes: CallSizes }> | undefined,
  { first, mayEscalate }: Choice,
): CallSizes {
  const { needs, eligible = members.length } = planner;
  const sizeIn = (member: Member): number => {
    const inner = nested?.get(member)?.sizes;
    return inner ? Math.min(declaredSize(member), inner.size()) : sizeOf(member);
  };
  return {
    sizeOf: sizeIn,
    size() {
      const chosen = first === undefined ? [] : [members[first]!];
      const others = mayEscalate === false && needs === 'some' ? [] : members.slice(0, eligible);
      return wholeSize(planner, [...chosen, ...others].map(sizeIn));
    },
  };
}
