/** Limits of a file, so that any parser is done within seconds. For limits of the parsed data, see `dataLimits`. */
export const limits = {
  /** UTF-8 bytes of a file. */
  bytes: 1_048_576,
  /** Aliases in a YAML file. */
  aliases: 1000,
  /** Tokens that the YAML lexer finds in a file: about eight per line. */
  yamlTokens: 200_000,
  /** Characters of all texts that contain variables, after these are replaced. */
  replaced: 1_048_576,
  /** Problems that are reported. */
  problems: 100,
} as const;
