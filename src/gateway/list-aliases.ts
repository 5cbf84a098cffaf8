/** The other name that the list of members has in calciforge's files, by the part of the file. */
export const listAliases: Readonly<
  Record<string, { readonly ours: string; readonly other: string } | undefined>
> = {
  cascades: { ours: 'steps', other: 'models' },
  dispatchers: { ours: 'targets', other: 'models' },
};
