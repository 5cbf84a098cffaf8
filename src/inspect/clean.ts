/** Text from a file, such as an id, without control characters, which could change the terminal. */
export const clean = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');

/** The first line of what was thrown, without control characters. */
export const firstLineOf = (error: unknown): string =>
  clean(String(Object(error).message ?? error).split('\n', 1)[0]!);
