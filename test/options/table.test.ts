import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { withTables } from '../../scripts/options-docs.ts';
import type { AlloyConstituent, AlloyOptions } from '../../src/alloy.ts';
import type { CascadeOptions } from '../../src/cascade.ts';
import type { FailureKind } from '../../src/decision.ts';
import type { DispatcherOptions } from '../../src/dispatcher.ts';
import type { CooldownOptions } from '../../src/stores/cooldown.ts';
import { optionKindAt } from '../../src/load/option-kinds.ts';
import { allOptions } from '../../src/options/all.ts';
import { alloy, constituent } from '../../src/options/alloy.ts';
import { cascade } from '../../src/options/cascade.ts';
import { dispatcher, session } from '../../src/options/dispatcher.ts';
import { askedSize, counting, encodings, tokenizer, tokenizerKinds } from '../../src/options/file.ts';
import { failureKinds, type Kind } from '../../src/options/kinds.ts';
import { member, price, sizes } from '../../src/options/member.ts';
import { between, rule, when } from '../../src/options/rules.ts';
import { cooldown, shared } from '../../src/options/shared.ts';
import { vendors } from '../../src/options/vendors.ts';
import type { AskedSize, CountingConfig, TokenizerConfig } from '../../src/gateway/config.ts';
import type { Price } from '../../src/price.ts';
import type { MemberOptions } from '../../src/routing/member.ts';
import type { SharedOptions } from '../../src/routing/options.ts';
import type { DispatcherRule, RuleConditions } from '../../src/rules/rule.ts';
import type { SessionOptions } from '../../src/stores/sessions.ts';
import type { TiktokenEncoding } from '../../src/tiktoken/encodings.ts';
import type { SizeOptions } from '../../src/tokens/fit.ts';
import type { Vendor } from '../../src/tokens/vendor.ts';

describe('the table of options', () => {
  it('has what the types have, and nothing else (checked by the compiler)', () => {
    expectTypeOf<keyof typeof member>().toEqualTypeOf<keyof MemberOptions>();
    expectTypeOf<keyof typeof constituent>().toEqualTypeOf<
      Exclude<keyof AlloyConstituent, keyof MemberOptions>
    >();
    expectTypeOf<keyof typeof sizes>().toEqualTypeOf<keyof SizeOptions>();
    expectTypeOf<keyof typeof price>().toEqualTypeOf<keyof Price>();
    expectTypeOf<keyof typeof shared>().toEqualTypeOf<keyof SharedOptions>();
    expectTypeOf<keyof typeof cooldown>().toEqualTypeOf<keyof CooldownOptions>();
    expectTypeOf<keyof typeof session>().toEqualTypeOf<keyof SessionOptions>();
    expectTypeOf<keyof typeof alloy>().toEqualTypeOf<Exclude<keyof AlloyOptions, keyof SharedOptions>>();
    expectTypeOf<keyof typeof cascade>().toEqualTypeOf<Exclude<keyof CascadeOptions, keyof SharedOptions>>();
    expectTypeOf<keyof typeof dispatcher>().toEqualTypeOf<
      Exclude<keyof DispatcherOptions, keyof SharedOptions>
    >();
    expectTypeOf<keyof typeof rule>().toEqualTypeOf<keyof DispatcherRule>();
    expectTypeOf<keyof typeof when>().toEqualTypeOf<keyof RuleConditions>();
    expectTypeOf<keyof typeof between>().toEqualTypeOf<keyof NonNullable<RuleConditions['between']>>();
    expectTypeOf<keyof typeof tokenizer>().toEqualTypeOf<keyof TokenizerConfig>();
    expectTypeOf<keyof typeof counting>().toEqualTypeOf<keyof CountingConfig>();
    expectTypeOf<keyof typeof askedSize>().toEqualTypeOf<keyof AskedSize>();
    expectTypeOf<(typeof vendors)[number]>().toEqualTypeOf<Vendor>();
    expectTypeOf<(typeof failureKinds)[number]>().toEqualTypeOf<FailureKind>();
    expectTypeOf<(typeof encodings)[number]>().toEqualTypeOf<TiktokenEncoding>();
    expectTypeOf<(typeof tokenizerKinds)[number]>().toEqualTypeOf<NonNullable<TokenizerConfig['kind']>>();
  });

  it('has every option documented, by a sentence', () => {
    for (const [owner, { options, docs }] of Object.entries(allOptions())) {
      expect({ owner, names: Object.keys(docs).toSorted() }).toEqual({
        owner,
        names: Object.keys(options).toSorted(),
      });
      for (const { sentence } of Object.values(docs)) expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('is what docs/options.md says: npm run schema writes it', () => {
    const page = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8');
    expect(withTables(page)).toBe(page);
    expect(page.match(/<!-- options: /g)).toHaveLength(5);
  });

  it('reads a variable in the place of an option as the same type, wherever that option stands', () => {
    const types = new Map<string, Set<Kind['type']>>();
    for (const { options } of Object.values(allOptions())) {
      for (const [name, { type }] of Object.entries<Kind>(options))
        types.set(name, (types.get(name) ?? new Set()).add(type));
    }
    const mixed = [...types].filter(([, each]) => each.size > 1).map(([name]) => name);
    expect(mixed.filter((name) => optionKindAt([name]) !== undefined)).toEqual([]);
    expect(optionKindAt(['models', 0, 'price', 'cached_input'])).toBe('number');
  });
});

/** Folders whose functions have options of their own. */
const elsewhere = /^(cli|spec|huggingface|tiktoken|media|local|load)\//;

/** `onTruncation = 'warn'` wherever options are taken apart, and `@default 'warn'` wherever they are documented. */
function defaultsInSources(): { readonly taken: Said[]; readonly documented: Said[] } {
  const taken: Said[] = [];
  const documented: Said[] = [];
  const root = new URL('../../src/', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !elsewhere.test(file),
  );
  for (const file of files) {
    const text = readFileSync(new URL(file, root), 'utf8');
    const visit = (node: ts.Node): void => {
      if (ts.isBindingElement(node) && node.initializer && ts.isObjectBindingPattern(node.parent)) {
        const name = (node.propertyName ?? node.name).getText();
        taken.push({ name, said: node.initializer.getText(), file });
      }
      if (ts.isPropertySignature(node) && ts.isInterfaceDeclaration(node.parent)) {
        const [tag] = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'default');
        const said = ts.getTextOfJSDocComment(tag?.comment) ?? '';
        const owner = node.parent.name.text;
        if (tag) documented.push({ name: node.name.getText(), said, file: `${file} ${owner}` });
      }
      node.forEachChild(visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  }
  return { taken, documented };
}

interface Said {
  readonly name: string;
  readonly said: string;
  readonly file: string;
}

const isLiteral = /^('|\d|true|false)/;
const valueOf = (literal: string): string => literal.replaceAll(/(?<=\d)_(?=\d)/g, '').replaceAll('"', "'");
const written = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));

describe('defaults', () => {
  const { taken, documented } = defaultsInSources();
  const entries = Object.entries(allOptions()).flatMap(([owner, { docs }]) =>
    Object.entries(docs).map(([name, doc]) => ({ owner, name, value: doc.default })),
  );
  /** The defaults that an option of this name has, in any table: `fallback` has two. */
  const of = (name: string): string[] => {
    const own = entries.filter((each) => each.name === name && each.value !== undefined);
    return [...new Set(own.map(({ value }) => written(value)))];
  };

  it('in the destructuring are those of the table', () => {
    const options = taken.filter(({ name, said }) => of(name).length > 0 && isLiteral.test(said));
    expect(options.filter(({ name, said }) => !of(name).includes(valueOf(said)))).toEqual([]);
    const seen = new Set(options.map(({ name }) => name));
    const expected = [
      'onTruncation',
      'afterContent',
      'maxBufferedParts',
      'maxRetryAfterMs',
      'warnOnSkip',
      'order',
    ];
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...expected,
        'strategy',
        'redraw',
        'fallback',
        'reevaluate',
        'escalations',
        'weight',
      ]),
    );
  });

  it('in the docstrings are those of the table', () => {
    const options = documented.filter(({ name, said }) => of(name).length > 0 && isLiteral.test(said));
    const literalIn = (said: string): string => /^('[^']*'|[\w.]+)/.exec(said)![0];
    expect(options.filter(({ name, said }) => !of(name).includes(valueOf(literalIn(said))))).toEqual([]);
    expect(options.length).toBeGreaterThan(15);
  });
});
