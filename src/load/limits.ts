/** How large a file may be. Generous for people, and little enough for any parser to be done within seconds. */
export const limits = {
  /** UTF-8 bytes of a file. */
  bytes: 1_048_576,
  /** Lists and tables inside one another. */
  depth: 64,
  /** Values altogether, those that YAML's aliases repeat included. */
  values: 100_000,
  /** Characters of a string: as many as a gateway takes. */
  characters: 10_000,
  /** Aliases in a YAML file. */
  aliases: 1000,
  /** What the lexer of YAML makes of a file: a line is some eight of them. */
  yamlTokens: 200_000,
  /** Problems that are told. */
  problems: 100,
} as const;

export const tooDeep: string = `lists and tables are nested more than ${limits.depth} deep`;
