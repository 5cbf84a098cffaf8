import { cpSync, mkdirSync, rmSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** The folder of the pages, below this one, so that Vite finds Vue from there. */
export const generated = '.generated';

/** The documents of the repository that are pages as they are, besides those in `docs/`. */
const documents = ['README.md', 'AGENTS.md', 'ARCHITECTURE.md', 'CHANGELOG.md'];

/** Collects the pages of the site: the documents of the repository, unchanged, and its own. */
export function collectPages(): void {
  const to = new URL(`site/${generated}/`, root);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const file of documents) cpSync(new URL(file, root), new URL(file, to));
  cpSync(new URL('docs/', root), new URL('docs/', to), { recursive: true });
  cpSync(new URL('site/pages/', root), to, { recursive: true });
}
