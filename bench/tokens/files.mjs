// Reads files of packages as documents: { source, text }. The source names the file, whatever the machine.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folders = {
  bench: fileURLToPath(new URL('node_modules/', import.meta.url)),
  root: fileURLToPath(new URL('../../node_modules/', import.meta.url)),
};

const listed = new Map();

/** Files in `folder` of a package, sorted, whose path below it matches; `place` is 'bench' or 'root'. */
export function documents(place, folder, pattern, most = 400) {
  const full = `${folders[place]}${folder}`;
  if (!listed.has(full)) listed.set(full, listFiles(full));
  const paths = listed.get(full).filter((path) => pattern.test(path));
  return paths
    .slice(0, most)
    .map((path) => ({ source: `${folder}/${path}`, text: read(place, `${folder}/${path}`) }));
}

export function read(place, path) {
  return readFileSync(`${folders[place]}${path}`, 'utf8');
}

function listFiles(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch {
    return [];
  }
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return paths.map((path) => path.replaceAll('\\', '/')).toSorted(byCode);
}

const byCode = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Cuts a long document into passages at line ends, so that both halves of the corpus get some of it. */
export function passages({ source, text }, size = 8000) {
  const cut = [];
  for (let start = 0; start < text.length;) {
    const lineEnd = text.indexOf('\n', start + size);
    const end = lineEnd < 0 || lineEnd > start + 2 * size ? start + size : lineEnd + 1;
    cut.push({ source: `${source}#${cut.length}`, text: text.slice(start, end) });
    start = end;
  }
  return cut;
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', apos: "'" };

/** The text of an HTML page. */
export function plainText(html) {
  return html
    .replace(/<head[\s\S]*?<\/head>|<(script|style)[\s\S]*?<\/\1>/gi, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&(\w+);/g, (entity, name) => entities[name] ?? entity)
    .replace(/\n\s+/g, '\n')
    .trim();
}
