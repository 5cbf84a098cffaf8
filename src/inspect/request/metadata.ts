import { UsageError } from '../usage-error.ts';

/**
 * Reads entries such as `tier=gold`. Values have the type that they would have in YAML or JSON, since rules compare
 * types as well: `seats=5` is a number, `vip=true` a boolean, `seats="5"` a string, and everything else is a string
 * too.
 */
export function metadataOf(entries: readonly string[]): Readonly<Record<string, unknown>> {
  const metadata = new Map<string, unknown>();
  for (const entry of entries) {
    const [key = '', ...rest] = entry.split('=');
    if (key === '' || rest.length === 0) {
      throw new UsageError(
        `--metadata is ${JSON.stringify(entry)}: write it as key=value, such as tier=gold`,
      );
    }
    if (metadata.has(key)) throw new UsageError(`--metadata ${key} is given twice: pass one value`);
    metadata.set(key, scalarOf(rest.join('=')));
  }
  return Object.fromEntries(metadata);
}

/** A value as one would type it after `key=`. */
export const showMetadata = (value: unknown): string =>
  typeof value === 'string' && scalarOf(value) === value ? value : JSON.stringify(value);

/** A finite number, a boolean or a quoted string, as JSON writes them; else the text itself. */
function scalarOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'number' ? Number.isFinite(value) : /^(string|boolean)$/.test(typeof value)) {
      return value;
    }
  } catch {
    // not JSON
  }
  return text;
}
