import { dataLimits, tooDeep } from '../../gateway/plain-data.ts';
import { nothingDeclared } from '../../gateway/problem.ts';
import { lineAt, lineCounter, OffsetsByPath } from '../positions.ts';
import { type FileProblem, type Parsed, unparsed } from '../problem.ts';

/** The characters between values. */
const space = /[ \t\r\n]*/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

class SyntaxProblem extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Parses JSON like `JSON.parse`, and also finds the positions of values and duplicate keys. */
export function parseJson(text: string): Parsed {
  if (isBlank(text)) return unparsed(nothingDeclared);
  const positionAt = lineCounter(text);
  const scan = new Scan(text);
  try {
    scan.document();
    return {
      data: JSON.parse(text) as unknown,
      problems: scan.repeated.map(({ path, offset }) => ({
        path,
        message: 'this key occurs twice: keep one',
        position: positionAt(offset),
      })),
      positionOf(path) {
        const offset = scan.offsets.nearest(path);
        return offset === undefined ? undefined : positionAt(offset);
      },
    };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) return unparsed('this is not valid JSON');
    return unparsed(error.message, positionAt(error.offset));
  }
}

class Scan {
  readonly offsets: OffsetsByPath = new OffsetsByPath();
  readonly repeated: { path: FileProblem['path']; offset: number }[] = [];
  readonly #text: string;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value();
    if (this.#peek() !== '') this.#fail('expected the end of the file');
  }

  #value(): void {
    const first = this.#peek();
    if (this.#path.length > dataLimits.depth) this.#fail(tooDeep);
    if (first === '{') this.#list('}', () => this.#member());
    else if (first === '[') this.#list(']', (index) => this.#item(index));
    else if (first === '"') this.#string();
    else this.#scalar();
  }

  /** Parses the entries between brackets, separated by commas. */
  #list(end: string, entry: (index: number) => void): void {
    this.#at++;
    if (this.#peek() === end) {
      this.#at++;
      return;
    }
    for (let index = 0; ; index++) {
      entry(index);
      const next = this.#peek();
      if (next !== ',' && next !== end) this.#fail(`expected "," or "${end}"`);
      this.#at++;
      if (next === end) return;
      if (this.#peek() === end) this.#fail(`remove the comma before this "${end}"`);
    }
  }

  #member(): void {
    if (this.#peek() !== '"') this.#fail('expected a key in double quotes');
    const offset = this.#at;
    this.#within(this.#string(), offset, () => {
      if (this.#peek() !== ':') this.#fail('expected ":"');
      this.#at++;
      this.#value();
    });
  }

  #item(index: number): void {
    this.#peek();
    this.#within(index, this.#at, () => this.#value());
  }

  #within(step: string | number, offset: number, read: () => void): void {
    this.#path.push(step);
    if (!this.offsets.add(this.#path, offset) && typeof step === 'string') {
      this.repeated.push({ path: [...this.#path], offset });
    }
    read();
    this.#path.pop();
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    try {
      const value = JSON.parse(this.#text.slice(start, end + 1)) as string;
      this.#at = end + 1;
      return value;
    } catch {
      return this.#fail('this string is not closed, or holds what has to be escaped');
    }
  }

  #scalar(): void {
    scalar.lastIndex = this.#at;
    const [found] = scalar.exec(this.#text) ?? this.#fail('expected a value');
    this.#at += found.length;
  }

  /** The next character that is not white space; empty at the end. */
  #peek(): string {
    space.lastIndex = this.#at;
    space.test(this.#text);
    this.#at = space.lastIndex;
    return this.#text[this.#at] ?? '';
  }

  #fail(message: string): never {
    const isEnd = this.#at >= this.#text.length;
    const said = isEnd ? `${message}, not the end of the file` : (habitAt(this.#text, this.#at) ?? message);
    throw new SyntaxProblem(said, this.#at);
  }
}

const comment = /\/\/[^\n]*|#[^\n]*|\/\*[^]*?(?:\*\/|$)/y;

/** Whether the text is only white space and comments in the syntax of other formats. */
function isBlank(text: string): boolean {
  for (let at = 0; ;) {
    space.lastIndex = at;
    space.test(text);
    comment.lastIndex = space.lastIndex;
    if (comment.lastIndex === text.length) return true;
    if (!comment.test(text)) return false;
    at = comment.lastIndex;
  }
}

/** Syntax of other formats that is not valid JSON, and a hint for each. */
const habits: readonly (readonly [RegExp, string])[] = [
  [/\/\/|\/\*|#/y, 'JSON has no comments: remove this one, or write the file in YAML or TOML'],
  [/['`‘’“”]/y, 'JSON has no such quotes: use double ones'],
  [/\$\{/y, 'put "${NAME}" in double quotes'],
  [/(?<=\d)[\w.]/y, 'a number is digits alone in JSON: put a size such as "128K" in double quotes'],
  [/(?:true|false)\b/iy, 'true and false are in lower case in JSON'],
  [/(?:None|nil|undefined|NaN|Infinity)\b/y, 'there is no such word in JSON: leave the option out'],
];

function habitAt(text: string, offset: number): string | undefined {
  const habit = habits.find(([pattern]) => {
    pattern.lastIndex = offset;
    return pattern.test(text);
  });
  if (habit) return habit[1];
  // If even the first value is invalid, the file is probably in another format.
  if (!/^\s*\[{0,2}$/.test(text.slice(0, offset))) return undefined;
  const line = lineAt(text, offset).trim();
  if (/^(\[{1,2}[\w.]+\]{1,2}|[\w.]+\s*=.*)$/.test(line)) return 'this reads like TOML: name the file .toml';
  return /^(- .*|[\w.]+:(\s.*)?)$/.test(line) ? 'this reads like YAML: name the file .yaml' : undefined;
}
