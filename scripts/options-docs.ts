// Writes the tables of docs/options.md from the table of options.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { allOptions } from '../src/options/all.ts';
import type { Kind, OptionDoc } from '../src/options/kinds.ts';
import { inherited } from '../src/options/member.ts';

const page = new URL('../docs/options.md', import.meta.url);

/** The page with its tables, each between `<!-- options: member -->` and `<!-- end -->`, as the options are now. */
export function withTables(text: string): string {
  return text.replaceAll(/(<!-- options: ([\w ]+) -->\n)[^]*?(<!-- end -->)/g, (_, start, owners, end) =>
    [start, ...tableOf(String(owners).split(' ')), end].join(''),
  );
}

function tableOf(owners: readonly string[]): string[] {
  const rows = owners.flatMap((owner) => {
    const { options, docs } = allOptions()[owner as keyof ReturnType<typeof allOptions>];
    return Object.entries(options).map(([name, kind]) => rowOf(name, kind, docs[name]!, owner));
  });
  return ['\n| Option | Default | |\n| --- | --- | --- |\n', ...rows, '\n'];
}

function rowOf(name: string, kind: Kind, doc: OptionDoc, owner: string): string {
  const { sentence, otherwise, more = '' } = doc;
  const isInherited = owner === 'member' && Object.hasOwn(inherited, name);
  const fallback = isInherited
    ? "the primitive's"
    : (otherwise ?? ('default' in doc ? `\`${literalOf(doc.default)}\`` : 'none'));
  const words =
    kind.type === 'word' && kind.orAbove === undefined ? wordsOf(kind.words, kind.orFunction) : '';
  const about = [sentence, words, more].filter((each) => each !== '').join(' ');
  return `| \`${name}\` | ${fallback} | ${about} |\n`;
}

/** As code has it: digits of long numbers in groups. */
const literalOf = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : String(value).replaceAll(/\B(?=(\d{3})+$)/g, '_');

function wordsOf(words: readonly string[], orFunction = false): string {
  const all = [...words.map((word) => `\`'${word}'\``), ...(orFunction ? ['a function'] : [])];
  return `${all.slice(0, -1).join(', ')} or ${all.at(-1)}.`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(page, withTables(readFileSync(page, 'utf8')));
}
