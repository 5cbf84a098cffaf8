import { type Found, InvalidConfigurationError, isObject } from './errors/errors.ts';
import { importAtRunTime } from './import-at-run-time.ts';

/**
 * An optional peer dependency. Where it is needed, it is imported twice: first with its name spelled out and within `try`,
 * so that a bundler includes it where it is installed and builds without it where it is not; then by `importInstalled`.
 */
export interface OptionalPeer {
  /** What to install. */
  readonly name: string;
  /** What to import. @default name */
  readonly specifier?: string;
  /** One of its exports: a bundler may have put an empty module in its place. */
  readonly exported: string;
  /** The option and the value that need it, for the error without it. */
  readonly option: string;
  readonly value: string | Found;
}

/** What `import()` returned, or its default export where a bundler has the exports of a CommonJS package there. */
export function moduleOf<Module>({ name, exported }: OptionalPeer, imported: unknown): Module {
  let found = imported;
  // A package that is compiled to CommonJS has its default export inside another one.
  for (let depth = 0; depth < 3 && isObject(found); depth++) {
    if (exported in found) return found as Module;
    found = (found as { default?: unknown }).default;
  }
  throw new Error(`${name} does not export ${exported}`);
}

/**
 * Imports a peer that the bundle, if there is one, doesn't have.
 *
 * @param cause why the first import failed
 * @throws InvalidConfigurationError, which says what to install
 */
export async function importInstalled<Module>(peer: OptionalPeer, cause: unknown): Promise<Module> {
  const { name, specifier = name, option, value } = peer;
  try {
    return moduleOf(peer, await importAtRunTime(specifier));
  } catch {
    throw new InvalidConfigurationError({
      option,
      value,
      remedy: `this takes the package ${name}, which can't be loaded: npm install ${name}, and if your code is bundled, build it again`,
      cause,
    });
  }
}
