// Runs primitives of the packed package in agents and user interfaces that others have built on the AI SDK. Not a part
// of `npm test`: it installs 500 MB.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ai-alloy-ecosystem-'));
const quietly = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

function install() {
  cpSync(join(root, 'test/ecosystem'), folder, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const tarball = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim();
  const args = ['install', '--no-package-lock', ...quietly, `./${tarball}`];
  execFileSync('npm', args, { cwd: folder, stdio: 'inherit' });
}

let [passed, failed] = [0, 0];
try {
  install();
  const args = ['--test', '--test-reporter=tap', '--test-timeout=120000'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 });
  const count = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0);
  passed = count('pass');
  failed = count('tests') - passed;
  console.log(failed > 0 ? stdout : stdout.match(/^ok .*$/gm)?.join('\n'));
} catch (error) {
  console.error(error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (passed === 0) failed ||= 1;
// Counted by .ci/run.
console.log(`ecosystem: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
