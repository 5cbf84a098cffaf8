import { type Found, InvalidConfigurationError, isObject } from './errors/errors.ts';
import { importAtRunTime } from './import-at-run-time.ts';

/**
 * An optional peer dependency. The code that needs it imports it twice: first with its name spelled out, within `try`,
 * so that a bundler includes it where it is installed and builds without it where it is not; then, if that failed, by
 * `importInstalled`.
 */
export interface OptionalPeer {
  /** What to install. */
  readonly name: string;
  /** What to import. @default name */
  readonly specifier?: string;
  /**
   * One of its exports, to check that the module is the real one: a bundler may have put an empty module in its place.
   */
  readonly exported: string;
  /** The option and the value that need the package, for the error message. */
  readonly option: string;
  readonly value: string | Found;
}

/**
 * The module that `import()` returned, or its default export where a bundler put the exports of a CommonJS package
 * there.
 */
export function moduleOf<Module>({ name, exported }: OptionalPeer, imported: unknown): Module {
  let found = imported;
  // A package compiled to CommonJS may have its default export inside another default export.
  for (let depth = 0; depth < 3 && isObject(found); depth++) {
    if (exported in found) return found as Module;
    found = (found as { default?: unknown }).default;
  }
  throw new Error(`${name} does not export ${exported}`);
}

/**
 * Imports a peer at run time, when the bundle, if there is one, doesn't contain it.
 *
 * @param cause why the first import failed
 * @throws InvalidConfigurationError which says what to install
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
