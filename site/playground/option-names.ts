import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import schema from '../../gateway.schema.json';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly description?: string;
}

const root = schema as unknown as Schema;

/** Completes the names of options by the JSON Schema, with what it says about them. */
export function optionNames(context: CompletionContext): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const [, word] = /(?:^|[\s{,["-])([a-z_]*)$/i.exec(before) ?? [];
  if (word === undefined || (word === '' && !context.explicit)) return null;
  // Behind a colon or an equals sign, but not in braces, there is a value.
  if (/[:=]\s*[^{,]*$/.test(before.slice(0, before.length - word.length))) return null;
  const names = namesIn(sectionAt(context.state.doc.sliceString(0, line.from), before));
  return {
    from: context.pos - word.length,
    options: [...names].map(([label, info]) => ({ label, type: 'property', ...(info && { info }) })),
    validFor: /^[a-z_]*$/i,
  };
}

const sections = Object.keys(root.properties ?? {});

/** The last of the sections above a line, such as `models`; undefined at the top. */
function sectionAt(above: string, line: string): string | undefined {
  if (!/^[\s{[-]/.test(line) && !/^\[\[?\w+/m.test(above)) return undefined;
  const found = [...above.matchAll(/^(?:\[{1,2}|\s{0,2}"?)(\w+)/gm)].map(([, name = '']) => name);
  return found.findLast((name) => sections.includes(name));
}

/** The options inside a section, at any depth. In the schema, both spellings of a name are listed: only snake_case is offered. */
function namesIn(section: string | undefined): ReadonlyMap<string, string | undefined> {
  const names = new Map<string, string | undefined>();
  const seen = new Set<Schema>();
  const add = (each: Schema | undefined, isDeep: boolean): void => {
    if (!each || seen.has(each)) return;
    seen.add(each);
    if (each.$ref) add(definitionOf(each.$ref), isDeep);
    for (const part of [...(each.anyOf ?? []), ...(each.allOf ?? []), ...(each.oneOf ?? [])])
      add(part, isDeep);
    add(each.items, isDeep);
    for (const [name, inner] of Object.entries(each.properties ?? {})) {
      if (/^[a-z_]+$/.test(name) && !names.has(name)) names.set(name, inner.description);
      if (isDeep) add(inner, true);
    }
  };
  add(section === undefined ? root : root.properties?.[section], section !== undefined);
  return names;
}

const definitionOf = (ref: string): Schema | undefined =>
  ref
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((inside, key) => Object(inside)[key], root) as Schema | undefined;
