/**
 * Imports a module at run time: the comments in the call tell bundlers to leave it as it is. The module is resolved
 * from the file that contains this code.
 */
export async function importAtRunTime<Module>(specifier: string): Promise<Module> {
  return import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ specifier);
}
