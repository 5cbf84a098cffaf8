/** The name of what is called like that by another kind, or in another way: `cascade/x` for `alloy/x` and `cascade:x`. */
export function namedAs(word: string, names: { has(name: string): boolean }): string | undefined {
  const [, id] = /^@?(?:alloy|cascade|dispatcher|model|group|router|route)s?[/:. ](.+)$/.exec(word) ?? [];
  return id === undefined
    ? undefined
    : [`alloy/${id}`, `cascade/${id}`, `dispatcher/${id}`, id].find((name) => names.has(name));
}
