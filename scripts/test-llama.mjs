// Runs the tests of ai-alloy/local against a llama-server, which they start. Fails where none is installed: Debian sid has it in
// llama.cpp-tools; LLAMA_SERVER names another one.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const server = process.env.LLAMA_SERVER ?? 'llama-server';
if (spawnSync(server, ['--version']).status === 0) {
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const config = ['--config', 'test/llama/vitest.config.ts'];
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...config, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} else {
  console.log('llama: 0 passed, 1 failed');
  console.error('There is no llama-server to test with: install llama.cpp, or set LLAMA_SERVER');
  process.exitCode = 1;
}
