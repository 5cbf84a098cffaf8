/** How large a file may be: little enough for any parser to be done within seconds. As data, see `dataLimits`. */
export const limits = {
  /** UTF-8 bytes of a file. */
  bytes: 1_048_576,
  /** Aliases in a YAML file. */
  aliases: 1000,
  /** What the lexer of YAML makes of a file: a line is some eight of them. */
  yamlTokens: 200_000,
  /** Characters of all texts with variables in them, once these are replaced. */
  replaced: 1_048_576,
  /** Problems that are told. */
  problems: 100,
} as const;
