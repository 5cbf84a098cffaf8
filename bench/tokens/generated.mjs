// Kinds of text that no package holds: made here, from a seed, the same on every machine.
import { createHash } from 'node:crypto';
import { documents, read } from './files.mjs';

function random(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** `count` documents of one kind, each from its own seed. */
function make(name, count, one) {
  return Array.from({ length: count }, (_, i) => ({
    source: `${name}#${i}`,
    text: one(random(i * 7919 + 17), i),
  }));
}

const lines = (count, one) => Array.from({ length: count }, (_, i) => one(i)).join('\n');
const digest = (n) => createHash('sha256').update(String(n));
const hex = (next, length) => Array.from({ length }, () => next(16).toString(16)).join('');
const pad = (n, width = 2) => String(n).padStart(width, '0');
const pick = (next, list) => list[next(list.length)];
const bytes = (next, length) => Buffer.from(Array.from({ length }, () => next(256)));

function time(next) {
  return `2025-${pad(1 + next(12))}-${pad(1 + next(28))}T${pad(next(24))}:${pad(next(60))}:${pad(next(60))}.${pad(next(1000), 3)}Z`;
}

function uuid(next) {
  return [8, 4, 4, 4, 12].map((length) => hex(next, length)).join('-');
}

export function generatedKinds() {
  const base64 = (next) => bytes(next, 9000).toString('base64');
  return [
    [
      'base64',
      [
        ...make('base64', 6, base64),
        ...make('base64 in lines', 6, (next) => base64(next).replace(/.{76}/g, '$&\n')),
      ],
    ],
    ['hexadecimal', make('hex', 8, (next) => hex(next, 12_000))],
    ['UUIDs', make('uuid', 6, (next, i) => lines(300, () => uuid(next) + (i % 2 ? '' : ',')))],
    [
      'hashes',
      make('hash', 6, (next, i) =>
        lines(200, (n) => `${digest(n + i * 1000).digest('hex')}  ${word(next)}.tgz`),
      ),
    ],
    ['log', make('log', 8, log)],
    ['listing of files', make('listing', 16, listing)],
    ['hex dump', make('dump', 8, hexDump)],
    ['diff', make('diff', 8, diff)],
    ['CSV', make('csv', 8, csv)],
    ['indentation and tables', make('table', 8, table)],
    ['emoji', make('emoji', 8, emoji)],
  ];
}

/** Made to be unlike any text. No estimate by character can be right here: shown, but in no average. */
export function adversarialKinds() {
  const characters = (from, count) => (next) =>
    Array.from({ length: 12_000 }, () => String.fromCharCode(from + next(count))).join('');
  return [
    [
      'random letters',
      make('letters', 4, (next) => lines(1500, () => letters(next, 1 + next(12))).replaceAll('\n', ' ')),
    ],
    ['random ASCII', make('ascii', 4, characters(32, 95))],
    ['random Latin-1', make('latin-1', 4, characters(0, 256))],
    ['random UTF-16', make('utf-16', 4, characters(1, 0xd7ff))],
  ];
}

const letters = (next, length) => Array.from({ length }, () => String.fromCharCode(97 + next(26))).join('');
const vocabulary =
  'request user session cache token server error timeout retry connect worker queue upload image build test';
const word = (next) => pick(next, vocabulary.split(' '));
const address = (next) => [10 + next(200), next(256), next(256), next(256)].join('.');

function log(next, i) {
  const levels = ['INFO', 'WARN', 'ERROR', 'DEBUG'];
  const forms = [
    () =>
      `${time(next)} ${pick(next, levels)} [${word(next)}-${next(64)}] ${word(next)} ${word(next)} took ${next(90_000) / 100} ms id=${hex(next, 16)}`,
    () =>
      `${address(next)} - - [${pad(1 + next(28))}/Mar/2025:${pad(next(24))}:${pad(next(60))}:12 +0000] "GET /api/v${next(4)}/${word(next)}s/${next(1e6)} HTTP/1.1" ${pick(next, [200, 304, 404, 500])} ${next(1e5)}`,
    () =>
      JSON.stringify({
        level: 30,
        time: 1.74e12 + next(1e9),
        pid: next(65_536),
        reqId: uuid(next),
        msg: `${word(next)} ${word(next)}`,
      }),
    () =>
      `    at ${word(next)}${word(next)[0].toUpperCase()}${word(next).slice(1)} (/srv/app/node_modules/${word(next)}/dist/${word(next)}.js:${next(3000)}:${next(90)})`,
  ];
  return lines(100, () => forms[i % 4]());
}

function listing(next, i) {
  const paths = documents(
    'root',
    pick(next, ['ai', 'zod', 'undici', 'typescript', 'vite', 'highlight.js']),
    /./,
    130,
  );
  return paths
    .map(({ source, text }) => {
      const size = String(text.length).padStart(9);
      const date = `${pick(next, ['Jan', 'Mar', 'Oct'])} ${String(1 + next(28)).padStart(2)} ${pad(next(24))}:${pad(next(60))}`;
      if (i % 3 === 2) return `${source}:${next(900)}:${text.slice(0, 60).split('\n')[0]}`;
      return i % 3
        ? `./node_modules/${source}`
        : `-rw-r--r-- 1 root root ${size} ${date} ${source.split('/').at(-1)}`;
    })
    .join('\n');
}

function hexDump(next, i) {
  const data =
    i % 2
      ? bytes(next, 2000)
      : Buffer.from(read('root', 'typescript/README.md').slice(i * 200, i * 200 + 2000));
  return lines(Math.floor(data.length / 16), (row) => {
    const part = data.subarray(row * 16, row * 16 + 16);
    const shown = part.toString('latin1').replace(/[^ -~]/g, '.');
    return `${(row * 16).toString(16).padStart(8, '0')}: ${part.toString('hex').replace(/.{4}/g, '$& ')} ${shown}`;
  });
}

function diff(next, i) {
  const { source, text } = documents('root', 'undici/lib', /\.js$/, 60)[i * 7];
  const body = text
    .split('\n')
    .slice(0, 250)
    .map((line) => {
      const sign = pick(next, [' ', ' ', ' ', '+', '-']);
      return next(30)
        ? sign + line
        : `@@ -${next(400)},${next(20)} +${next(400)},${next(20)} @@ ${line.trim()}`;
    });
  return `diff --git a/${source} b/${source}\nindex ${hex(next, 7)}..${hex(next, 7)} 100644\n${body.join('\n')}`;
}

function csv(next, i) {
  const cells = [
    () => next(1e6) / 100,
    () => time(next).slice(0, i % 2 ? 10 : 19),
    () => word(next),
    () => next(1000),
    () => (next(2e9) - 1e9) / 1e7,
    () => `"${word(next)}, ${word(next)}"`,
  ];
  return lines(150, (row) => [row, ...cells.map((cell) => cell())].join(i % 3 ? ',' : '\t'));
}

function table(next, i) {
  const wide = 4 + 4 * i;
  return lines(120, () => {
    const cells = Array.from({ length: 4 }, () => (next(3) ? word(next) : String(next(1e4))));
    return i % 2
      ? `| ${cells.map((cell) => cell.padEnd(wide)).join(' | ')} |`
      : ' '.repeat(next(wide)) + cells.join('  ');
  });
}

function emoji(next, i) {
  const all = JSON.parse(read('bench', 'emojibase-data/en/data.json')).map((entry) => entry.emoji);
  return Array.from({ length: 1500 }, () => pick(next, all)).join(i % 2 ? '' : ' ');
}
