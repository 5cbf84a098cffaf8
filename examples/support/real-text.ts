import { readFileSync } from 'node:fs';

/** A file of this repository (`./package.json`) or of a package that it depends on (`ai/README.md`). */
export function realText(name: string): string {
  if (name.startsWith('./')) return readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const [packageName, ...path] = name.split('/');
  const root = import.meta.resolve(`${packageName}/package.json`);
  return readFileSync(new URL(path.join('/'), root), 'utf8');
}
