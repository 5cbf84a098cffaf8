// Drives examples/next-chat in Debian's Chromium, and writes screenshots to its folder. Not a part of `npm test`: it
// installs 400 MB, and Chromium if that is missing and this user may.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const hasChromium = () => spawnSync('chromium', ['--version']).status === 0;

if (!hasChromium()) {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update'],
    ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'],
  ]) {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args];
    spawnSync(command, rest, { env, stdio: 'inherit' });
  }
}
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
/** Installs the application's pinned packages, which the tests import. */
const install = () =>
  spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: `${root}examples/next-chat`,
    stdio: 'inherit',
  });
/** Whether the tests compile: they need packages that the repository's own compilation doesn't have. */
const isTyped = () =>
  spawnSync(process.execPath, [tsc, '-p', 'examples/next-chat/browser'], { cwd: root, stdio: 'inherit' })
    .status === 0;

if (hasChromium()) {
  install();
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const config = ['--config', 'examples/next-chat/browser/vitest.config.ts'];
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...config, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status === 0 && !isTyped() ? 1 : (status ?? 1);
} else {
  // Counted by .ci/run.
  console.log('browser: 0 passed, 1 failed');
  console.error('There is no browser to test with: apt-get install chromium');
  process.exitCode = 1;
}
