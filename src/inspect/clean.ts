/**
 * Text from a file, such as an id, without control characters, which could change the terminal, and without those that
 * turn the direction of the text around them.
 */
export const clean = (text: string): string => text.replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ');

/** The first line of what was thrown, without control characters. */
export const firstLineOf = (error: unknown): string =>
  clean(String(Object(error).message ?? error).split('\n', 1)[0]!);
