import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createModelGateway, formatPath, GatewayConfigurationError } from '../../src/gateway/index.ts';
import { fileProblems } from '../../src/load/file-problems.ts';
import { readGatewayFile, type FileProblem, type GatewayText } from '../../src/load/index.ts';
import { example } from '../gateway/example.ts';
import { tiktoken } from '../../src/tiktoken/index.ts';
import { answers } from '../support/models.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A file with cycles, duplicates and suggestions as soon as texts in it change. */
const valid: Json = {
  ...(structuredClone(example) as unknown as Record<string, Json>),
  cascades: [
    {
      id: 'first',
      name: 'First',
      steps: ['second', 'local/qwen3.5-35b'],
      cooldown: { failures: 3, ms: 1000 },
    },
    { id: 'second', steps: ['opencode-go/kimi-k2.6'], fall_through_on: ['timeout'], retries: 2 },
    { id: 'kimi-with-fallback', steps: [{ model: 'local/qwen3.5-35b', vendor: 'openai', id: 'one' }] },
  ],
};

/** Texts with what isn't a variable, what is none that is set, and what stands for itself. */
const piece = fc.constantFrom(
  '${A}',
  '${B}',
  '${A:-x}',
  '${GONE}',
  '${GONE:-first}',
  '${EMPTY}',
  '${EMPTY:-}',
  '$${A}',
  '${',
  '${not a name}',
  '}',
  'alloy/',
  'cascade/',
  'local/',
  'first',
  '5',
  'K',
);
const text = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));
/** Without a text: a variable that holds what stands there. */
const change = fc.record({ at: fc.nat(), text: fc.option(text, { freq: 2 }) });
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** No ordinary words, and nothing that stands in the file: as secrets are. */
const held = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 160 }).map((inside) => `~~${inside.replaceAll('→', '')}~z`),
  fc.stringMatching(/^[a-z0-9]{3,40}$/).map((inside) => `openai/q7-${inside}/${inside}`),
  // Two or three of the longer ones are longer than a text may be.
  fc.integer({ min: 1000, max: 30_000 }).map((length) => `~~${'"x\\Y '.repeat(length / 5)}~z`),
);
const value = fc.oneof({ weight: 4, arbitrary: held }, fc.constantFrom('5', 'true', '32K', 'first', 'model'));

/** A copy with texts in the place of some of its leaves, and what some of their variables hold. */
function changed(
  data: Json,
  changes: readonly Change[],
): { data: Json; environment: Record<string, string> } {
  const places: { at: Record<string, Json>; key: string }[] = [];
  const copy = structuredClone(data);
  const visit = (at: Record<string, Json>): void => {
    for (const [key, each] of Object.entries(at)) {
      if (typeof each === 'object' && each !== null) visit(each as Record<string, Json>);
      else places.push({ at, key });
    }
  };
  visit(copy as Record<string, Json>);
  const environment: Record<string, string> = {};
  for (const each of changes) {
    const index = each.at % places.length;
    const { at, key } = places[index]!;
    if (each.text === null) environment[`LEAF_${index}`] ??= String(at[key]);
    at[key] = each.text ?? `\${LEAF_${index}}`;
  }
  return { data: copy, environment };
}

/** What providers make of an id in what they say. */
const sayings: readonly ((id: string) => string)[] = [
  (id) => `no ${id}`,
  (id) => `not found: ${id.slice(id.indexOf('/') + 1)}`,
  (id) => `404 of https://api.test/${encodeURIComponent(id.replaceAll(/\p{Cs}/gu, '\uFFFD'))}?v=1`,
  (id) => `"${id}" is nothing`,
  (id) => `no such thing: ${JSON.stringify({ id })}`,
  (id) => `no such thing: ${id.toLowerCase()}`,
  (id) => `404 of https://api.test/?${new URLSearchParams({ id }).toString()}`,
];

type Saying = (typeof sayings)[number] | null;

/** What is wrong with a file, with providers that take all ids, or none. */
async function problemsOf(
  source: GatewayText,
  environment: Record<string, string>,
  saying: Saying,
): Promise<readonly FileProblem[]> {
  const file = await readGatewayFile(source, { environment });
  const providers = (id: string) => {
    if (saying) throw new Error(saying(id));
    return answers(id);
  };
  try {
    createModelGateway(file.data as Record<string, never>, { providers, tiktoken });
    return file.problems;
  } catch (error) {
    if (!GatewayConfigurationError.isInstance(error)) throw error;
    return fileProblems(file, error.problems);
  }
}

/** In what spellings a message could have what a variable holds; none of an ordinary word. */
function spellingsOf(secret: string): string[] {
  if (!/^~~|q7/.test(secret)) return [];
  const encoded = encodeURIComponent(secret.replaceAll(/\p{Cs}/gu, '\uFFFD'));
  const asked = secret.replace(/^openai\//, '');
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  const json = JSON.stringify(secret).slice(1, -1);
  const whole = [secret, json, JSON.stringify(json).slice(1, -1), encoded, form, asked, secret.toLowerCase()];
  return [...whole, ...whole.map((each) => each.slice(0, 40))];
}

it.each(['json', 'yaml'] as const)(
  'R-36: with any variables anywhere, %s is a gateway or problems, which show none of their values',
  async (format) => {
    let [gateways, refusals] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        value,
        value,
        fc.option(fc.constantFrom(...sayings), { freq: 2 }),
        async (changes, a, b, saying) => {
          const { data, environment } = changed(valid, changes);
          Object.assign(environment, { A: a, B: b, EMPTY: '' });
          const problems = await problemsOf({ format, text: JSON.stringify(data) }, environment, saying);
          if (problems.length === 0) gateways++;
          else refusals++;
          const said = problems.map(({ path, message }) => `${formatPath(path)}: ${message}`).join('\n');
          expect([a, b].flatMap(spellingsOf).filter((each) => said.includes(each))).toEqual([]);
          // A variable that holds what stood there changes nothing.
          const isTheSame = saying === null && changes.every((each) => each.text === null);
          expect(isTheSame && said).toBe(isTheSame && '');
        },
      ),
      { numRuns: 1000 },
    );
    // A test of one side only would say little.
    expect(Math.min(gateways, refusals)).toBeGreaterThan(50);
  },
  60_000,
);
