// Installs what a bench folder's package.json names into that folder's node_modules, once, on demand.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Does nothing if every dependency of `folder` is there in its version. `purpose` is for the log. */
export function installDependencies(folder, purpose) {
  if (isInstalled(folder)) return;
  console.log(`bench: installing ${purpose} into ${folder}node_modules, once …`);
  const flags = '--no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=0';
  const { status } = spawnSync('npm', ['install', ...flags.split(' ')], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32', // there, npm is a script
  });
  if (status === 0 && isInstalled(folder)) return;
  console.error('bench: the installation failed. It needs the npm registry, the first time only.');
  process.exit(1);
}

function isInstalled(folder) {
  const { dependencies } = readManifest(folder);
  return Object.entries(dependencies).every(
    ([name, version]) => readManifest(`${folder}node_modules/${name}/`)?.version === version,
  );
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  } catch {
    return undefined;
  }
}
