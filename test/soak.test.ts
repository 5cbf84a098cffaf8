import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../scripts/soak/run.mjs', import.meta.url));

// That it passes without them is what `npm run soak` says itself.
it('npm run soak fails, and every count is off, where leaks are planted', { timeout: 120_000 }, () => {
  const { status, stdout } = spawnSync(process.execPath, [program, '--calls', '300', '--plant-leaks'], {
    encoding: 'utf8',
  });
  const counts = stdout.split('\n').filter((line) => /^(ok {2}|OFF) /.test(line));
  expect(counts).toHaveLength(12);
  expect(counts.filter((line) => !line.startsWith('OFF'))).toEqual([]);
  expect(stdout).toContain('soak: 0 passed, 12 failed');
  expect(status).toBe(1);
});
