import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelGateway, GatewayConfigurationError } from '../../src/gateway/index.ts';
import { fileProblems } from '../../src/load/file-problems.ts';
import { parseJson } from '../../src/load/formats/json.ts';
import { readGatewayFile, type GatewayFormat } from '../../src/load/index.ts';
import { answers } from '../support/models.ts';

const valid: Record<GatewayFormat, string> = {
  json: '{"models":[{"id":"a","context_window":"32K"}],"alloys":[{"id":"b","constituents":[{"model":"${A:-a}","weight":1.5e1}]}]}',
  yaml: 'models:\n  - &a\n    id: a # one\n    context_window: 32K\nalloys:\n  - { id: "b", constituents: [*a, {model: "${A}"}] }\ntext: |\n  x\n  y\n',
  toml: '[[models]]\nid = "a" # one\ncontext_window = "32K"\n[[alloys]]\nid = \'b\'\nconstituents = [{ model = "${A}", x.y = 1 }, [1, 2]]\ntext = """\nx"""\n',
};

/** Gateways that route. */
const routing: Record<GatewayFormat, string> = {
  json: '{"models":[{"id":"a","context_window":"32K"}],"cascades":[{"id":"c","steps":["${A}",{"model":"b","contextWindow":5000}]}],"dispatchers":[{"id":"d","rules":[{"when":{"metadata":{"tier":["gold",1]}},"target":"c"}],"targets":["cascade/c"]}]}',
  yaml: 'models:\n  - &a { id: a, context_window: 32K }\ncascades:\n  - id: c\n    steps:\n      - "${A}"\n      - model: b\n        context_window: 5000\ndispatchers:\n  - id: d\n    targets: [cascade/c]\n    rules: [{ target: a, fits_target: true }]\n',
  toml: '[[models]]\nid = "a"\ncontext_window = "32K"\n[[cascades]]\nid = "c"\nsteps = ["${A}", { model = "b", context_window = 5000 }]\n[[dispatchers]]\nid = "d"\ntargets = ["cascade/c"]\n[[dispatchers.rules]]\nwhen.metadata.tier = "gold"\ntarget = "c"\n',
};

const pieces = [
  '"',
  "'",
  '"""',
  '\\',
  '[',
  ']',
  '{',
  '}',
  ':',
  '=',
  '\n',
  '  ',
  '- ',
  '&a ',
  '*a',
  '!!x ',
  '#',
  '${',
  '${B}',
  '__proto__',
  '<<',
  '---\n',
  '\u0000',
  '\ud800',
  'é',
];

/** A valid text with pieces put in, cut out and repeated. */
const mutated = (text: string) =>
  fc
    .array(
      fc.record({
        at: fc.nat(text.length),
        cut: fc.nat(8),
        put: fc.constantFrom('', ...pieces),
        times: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((changes) =>
      changes.reduce(
        (now, { at, cut, put, times }) => now.slice(0, at) + put.repeat(times) + now.slice(at + cut),
        text,
      ),
    );

describe.each(Object.keys(valid) as GatewayFormat[])('%s', (format) => {
  const texts = fc.oneof(
    { weight: 3, arbitrary: mutated(valid[format]) },
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom(...pieces, 'a', '1'), { maxLength: 60 }).map((all) => all.join('')),
  );

  it('is either data or a problem, whatever it is', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { data, problems, positionOf, hideValues } = await readGatewayFile(
          { format, text },
          { environment: { A: 'value' } },
        );
        expect(keysOf(data)).not.toContain('__proto__');
        for (const { message, position = { line: 1, column: 1 } } of problems) {
          expect(message).not.toBe('');
          expect(Math.min(position.line, position.column)).toBeGreaterThan(0);
        }
        positionOf(['models', 0, 'id']);
        hideValues('value');
      }),
      { numRuns: 1500 },
    );
  });
});

describe.each(Object.keys(valid) as GatewayFormat[])('%s', (format) => {
  /** What a file comes to: a gateway, or what is wrong with it. */
  async function outcomeOf(text: string): Promise<readonly { message: string; position?: object }[]> {
    const file = await readGatewayFile({ format, text }, { environment: { A: 'a' } });
    try {
      createModelGateway(file.data as object as Record<string, never>, { providers: (id) => answers(id) });
      return file.problems;
    } catch (error) {
      if (!GatewayConfigurationError.isInstance(error)) throw error;
      return fileProblems(file, error.problems);
    }
  }

  it(
    'is a gateway or a list of problems, whatever was done to a valid file',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(mutated(routing[format]), async (text) => {
          for (const { message } of await outcomeOf(text)) expect(message).toMatch(/./);
        }),
        { numRuns: 700 },
      );
    },
  );

  it('is a gateway as it was', async () => {
    expect(await outcomeOf(routing[format])).toEqual([]);
  });
});

it('takes for JSON what JSON.parse does', () => {
  const texts = fc.oneof(
    mutated(valid.json),
    fc.json(),
    fc.string({ unit: fc.constantFrom(...'{}[]",:0-1.e\\u tn'), maxLength: 20 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        expected = 'a syntax error';
      }
      const { data, problems } = parseJson(text);
      const isSyntax = problems.some(({ message }) => !message.includes('twice'));
      expect(isSyntax ? 'a syntax error' : data).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
});

const keysOf = (data: unknown): string[] =>
  Object.entries(Object(data) as object).flatMap(([key, value]) => [
    key,
    ...(typeof value === 'object' ? keysOf(value) : []),
  ]);
