import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** The folder of the pages, below this one, so that Vite finds Vue from there. */
export const generated = '.generated';

/** The documents of the repository that are pages as they are, besides those in `docs/`. */
const topLevel = ['README.md', 'AGENTS.md', 'ARCHITECTURE.md', 'CHANGELOG.md'];

/** Collects the pages of the site: the documents of the repository, unchanged, and its own. */
export function collectPages(): void {
  const to = new URL(`site/${generated}/`, root);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const file of topLevel) cpSync(new URL(file, root), new URL(file, to));
  cpSync(new URL('docs/', root), new URL('docs/', to), { recursive: true });
  cpSync(new URL('site/pages/', root), to, { recursive: true });
}

/** The documents in `docs/`, with their titles. */
export function documents(): { readonly name: string; readonly title: string }[] {
  const folder = new URL('docs/', root);
  const files = readdirSync(folder).filter((file) => file.endsWith('.md'));
  return files.map((file) => {
    const [, title = file] = /^# (.+)$/m.exec(readFileSync(new URL(file, folder), 'utf8')) ?? [];
    return { name: file.slice(0, -'.md'.length), title: title.split(':', 1)[0]! };
  });
}
