// What the bench needs in bench/node_modules: the peers it measures beside, and the build of ai-alloy.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './install.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs the peers if they aren't, and copies the build beside them, so that all share one copy of `ai`. */
export async function prepare() {
  installDependencies(here, 'what it measures beside');
  const target = `${here}node_modules/ai-alloy`;
  rmSync(target, { recursive: true, force: true });
  for (const name of ['package.json', 'dist'])
    cpSync(`${root}${name}`, `${target}/${name}`, { recursive: true });
}
