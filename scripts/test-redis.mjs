// Runs the tests of ai-alloy/redis, which start a redis-server of their own. Fails where none is installed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
if (spawnSync('redis-server', ['--version']).status === 0) {
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const config = ['--config', 'test/redis/vitest.config.ts'];
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...config, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} else {
  // Counted by .ci/run.
  console.log('redis: 0 passed, 1 failed');
  console.error('There is no redis-server to test with: apt-get install redis-server');
  process.exitCode = 1;
}
