// What the bench needs in bench/node_modules: the peers it measures beside, and the build of ai-alloy.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs the peers if they aren't, and copies the build beside them, so that all share one copy of `ai`. */
export async function prepare() {
  if (!isInstalled()) install();
  const target = `${here}node_modules/ai-alloy`;
  rmSync(target, { recursive: true, force: true });
  for (const name of ['package.json', 'dist'])
    cpSync(`${root}${name}`, `${target}/${name}`, { recursive: true });
}

function isInstalled() {
  const { dependencies } = readManifest(here);
  return Object.entries(dependencies).every(
    ([name, version]) => readManifest(`${here}node_modules/${name}/`)?.version === version,
  );
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  } catch {
    return undefined;
  }
}

function install() {
  console.log('bench: installing what it measures beside into bench/node_modules, once …');
  const flags = '--no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=0';
  const { status } = spawnSync('npm', ['install', ...flags.split(' ')], {
    cwd: here,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32', // there, npm is a script
  });
  if (status === 0 && isInstalled()) return;
  console.error('bench: the installation failed. It needs the npm registry, the first time only.');
  process.exit(1);
}
