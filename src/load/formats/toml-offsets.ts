import { OffsetsByPath } from '../positions.ts';
import { dataLimits } from '../../gateway/plain-data.ts';
import type { Path } from '../problem.ts';

/** The tokens of TOML, as far as needed to find keys: four kinds of strings, comments, punctuation, the rest. */
const word = new RegExp(
  [
    /"""[^\\"]*(?:(?:\\[^]|"(?!""))[^\\"]*)*"""+/,
    /'''(?:[^']|'(?!''))*'''+/,
    /"[^"\\\n]*(?:\\.[^"\\\n]*)*"/,
    /'[^'\n]*'/,
    /#[^\n]*/,
    /[[\]{}=,.\n]/,
    /[^\s"'#[\]{}=,.]+/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

interface Word {
  readonly text: string;
  readonly offset: number;
}

/** The positions of the keys of a valid TOML document, which its parser doesn't report. */
export function tomlOffsets(text: string): OffsetsByPath {
  const words: Word[] = [];
  for (const { 0: found, index } of text.matchAll(word)) {
    if (!found.startsWith('#')) words.push({ text: found, offset: index });
  }
  const scan = new Scan(words);
  scan.document();
  return scan.offsets;
}

class Scan {
  readonly offsets: OffsetsByPath = new OffsetsByPath();
  /** The number of tables so far in each array of tables, by its path. */
  readonly #tables = new Map<string, number>();
  readonly #words: readonly Word[];
  #at = 0;
  #table: Path = [];

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  document(): void {
    while (!this.#isEnd()) {
      if (this.#is('\n')) this.#at++;
      else if (this.#is('[')) this.#header();
      else this.#pair(this.#table);
    }
  }

  #header(): void {
    const { offset } = this.#word();
    this.#at++;
    const isArray = this.#is('[');
    if (isArray) this.#at++;
    const path = this.#within(this.#keys());
    while (this.#is(']')) this.#at++;
    this.offsets.add(path, offset);
    this.#table = isArray ? [...path, this.#next(path)] : path;
    this.offsets.add(this.#table, offset);
  }

  /** The index of a new table in an array of them. */
  #next(path: Path): number {
    const name = JSON.stringify(path);
    const index = this.#tables.get(name) ?? 0;
    this.#tables.set(name, index + 1);
    return index;
  }

  /** The path of a header's keys; within an array of tables, it continues in the last table. */
  #within(keys: readonly string[]): Path {
    const path: (string | number)[] = [];
    for (const [index, key] of keys.entries()) {
      path.push(key);
      const count = this.#tables.get(JSON.stringify(path));
      if (count !== undefined && index < keys.length - 1) path.push(count - 1);
    }
    return path;
  }

  #pair(table: Path): void {
    const { offset } = this.#word();
    const keys = this.#keys();
    this.#at++; // the equals sign
    for (const [index] of keys.entries())
      this.offsets.add(inside(table, ...keys.slice(0, index + 1)), offset);
    this.#value(inside(table, ...keys));
  }

  #keys(): string[] {
    const keys: string[] = [];
    for (; !this.#isEnd() && !this.#is('=', ']', '\n'); this.#at++) {
      // A file with more of them is refused.
      if (!this.#is('.') && keys.length <= dataLimits.depth) keys.push(keyOf(this.#word().text));
    }
    return keys;
  }

  #value(path: Path): void {
    if (this.#is('[')) this.#array(path);
    else if (this.#is('{')) this.#inlineTable(path);
    else while (!this.#isEnd() && !this.#is(',', '\n', ']', '}')) this.#at++;
  }

  #array(path: Path): void {
    let index = 0;
    for (this.#at++; !this.#isEnd() && !this.#is(']');) {
      if (this.#is(',', '\n')) this.#at++;
      else {
        const item = inside(path, index++);
        this.offsets.add(item, this.#word().offset);
        this.#value(item);
      }
    }
    this.#at++;
  }

  #inlineTable(path: Path): void {
    for (this.#at++; !this.#isEnd() && !this.#is('}');) {
      if (this.#is(',', '\n')) this.#at++;
      else this.#pair(path);
    }
    this.#at++;
  }

  #word(): Word {
    return this.#words[this.#at]!;
  }

  #is(...texts: readonly string[]): boolean {
    return texts.includes(this.#words[this.#at]?.text ?? '');
  }

  #isEnd(): boolean {
    return this.#at >= this.#words.length;
  }
}

/** Drops what is nested deeper than files may be: finding it takes time, and its position is never needed. */
const inside = (path: Path, ...steps: Path): Path => [...path, ...steps].slice(0, dataLimits.depth + 1);

function keyOf(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1);
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1); // an escape that JSON doesn't have
  }
}
