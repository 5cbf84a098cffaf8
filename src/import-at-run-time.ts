/** Imports a module at run time: bundlers leave this call as it is. The module is looked for where the code stands. */
export async function importAtRunTime<Module>(specifier: string): Promise<Module> {
  return import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ specifier);
}
