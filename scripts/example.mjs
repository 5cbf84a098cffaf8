// Runs an example by its name: `npm run example -- first-call`. Without one, says what there is.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../examples/', import.meta.url);
const files = readdirSync(folder)
  .map((entry) => (entry.endsWith('.ts') ? entry : `${entry}/index.ts`))
  .filter((file) => existsSync(new URL(file, folder)));
const examples = new Map(files.map((file) => [file.replace(/(\/index)?\.ts$/, ''), new URL(file, folder)]));

const [name = '', ...rest] = process.argv.slice(2);
const file = examples.get(name);
if (file) {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(file), ...rest], {
    stdio: 'inherit',
  });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
} else {
  console.error(`${name ? `There is no example "${name}". ` : ''}npm run example -- <name>\n`);
  const width = Math.max(...[...examples.keys()].map(({ length }) => length));
  for (const [known, url] of examples) {
    const [firstLine = ''] = readFileSync(url, 'utf8').split('\n');
    console.error(`  ${known.padEnd(width)}  ${firstLine.replace(/^\/\/ /, '')}`);
  }
  process.exitCode = 1;
}
