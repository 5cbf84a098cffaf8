// What documents and comments name exists: the numbered rules, and the files and folders of ARCHITECTURE.md and AGENTS.md.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8');

const inFolders = ['src', 'test', 'docs', 'examples', 'scripts', 'bench'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs|md)$/.test(file) && !/(^|\/)(node_modules|\.generated)\//.test(file))
    .map((file) => `${folder}/${file}`),
);
const pages = ['README.md', 'AGENTS.md', 'ARCHITECTURE.md', 'CHANGELOG.md'];

const headings = new Set([...textOf('docs/rules.md').matchAll(/^### (R-\d+)$/gm)].map(([, id]) => id));

/** The rule ids in a text that have no heading in docs/rules.md, with a suffix such as in `R-${'2a'}` too. */
const unknownRules = (text: string): string[] =>
  [...text.matchAll(/\bR-\d\w*/g)].map(([id]) => id).filter((id) => !headings.has(id));

it('every rule id that the repository names has a heading in docs/rules.md', () => {
  const unknown = [...inFolders, ...pages].flatMap((file) =>
    unknownRules(textOf(file)).map((id) => `${file}: ${id}`),
  );
  expect(unknown).toEqual([]);
  expect(unknownRules(`R-1 and R-${99}, R-${'2a'}`)).toEqual([`R-${99}`, `R-${'2a'}`]);
});

it('the rules are numbered without gaps', () => {
  expect([...headings]).toEqual([...headings].map((_, index) => `R-${index + 1}`));
});

/** The paths in code spans of a text, those of folders with their slash, that don't exist. */
function missingPaths(text: string): string[] {
  const spans = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\s]+)`/g)];
  const paths = spans.map(([, span = '']) => span).filter((span) => isPath.test(span));
  return paths.filter((path) => !existsSync(new URL(path, root)));
}

/** A path below a folder of this repository. */
const isPath = /^(src|test|docs|examples|scripts|bench)\/[\w./-]*$/;

it.each(['ARCHITECTURE.md', 'AGENTS.md', 'docs/rules.md'])('every path that %s names exists', (file) => {
  expect(missingPaths(textOf(file))).toEqual([]);
});

it('finds paths that do not exist', () => {
  expect(missingPaths('`src/index.ts`, `src/nowhere/`, `src/nobody.ts` and `id`')).toEqual([
    'src/nowhere/',
    'src/nobody.ts',
  ]);
  expect(textOf('ARCHITECTURE.md').match(/`src\/[^`]+`/g)!.length).toBeGreaterThan(40);
});

/** The folders in `src/` that each folder's files import from, apart from its own and the files directly in `src/`. */
function imports(): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of inFolders.filter((each) => /^src\/[^/]+\//.test(each))) {
    const folder = file.split('/')[1]!;
    for (const [, specifier = ''] of textOf(file).matchAll(/from '(\.[^']+)'/g)) {
      const other = new URL(specifier, new URL(file, root)).pathname.slice(root.pathname.length).split('/');
      if (other[0] === 'src' && other.length > 2 && other[1] !== folder)
        found.set(folder, (found.get(folder) ?? new Set()).add(other[1]!));
    }
  }
  return new Map([...found].map(([folder, others]) => [folder, [...others].toSorted()]));
}

it('ARCHITECTURE.md says which folder imports from which', () => {
  const rows = [...textOf('ARCHITECTURE.md').matchAll(/^\| `src\/([\w-]+)\/` \|.*\|([^|]*)\|$/gm)];
  const told = rows.map(([, folder, others = '']) => [
    folder,
    [...others.matchAll(/`([\w-]+)`/g)].map(([, each]) => each),
  ]);
  const actual = imports();
  const folders = readdirSync(new URL('src/', root), { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  );
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(folders.map(({ name }) => [name, actual.get(name) ?? []])),
  );
});
