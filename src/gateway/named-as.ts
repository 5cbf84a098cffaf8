/** The declared name that `name` probably means: `cascade/x` for `alloy/x` (another kind) and `cascade:x` (another spelling). */
export function namedAs(word: string, names: { has(name: string): boolean }): string | undefined {
  const [, id] = /^@?(?:alloy|cascade|dispatcher|model|group|router|route)s?[/:. ](.+)$/.exec(word) ?? [];
  return id === undefined
    ? undefined
    : [`alloy/${id}`, `cascade/${id}`, `dispatcher/${id}`, id].find((name) => names.has(name));
}
