/** The kinds of primitives: what they call themselves in decisions, ids and gateway files. */
export const primitiveKinds: readonly ['alloy', 'cascade', 'dispatcher'] = ['alloy', 'cascade', 'dispatcher'];

export type PrimitiveKind = (typeof primitiveKinds)[number];

/** What follows a kind and one of `separators` in a name such as `cascade/safe`; undefined for other names. */
export function afterKind(name: string, separators: string): string | undefined {
  const kind = primitiveKinds.find(
    (each) => name.startsWith(each) && separators.includes(name.charAt(each.length)),
  );
  return kind === undefined || name.length === kind.length ? undefined : name.slice(kind.length + 1);
}
