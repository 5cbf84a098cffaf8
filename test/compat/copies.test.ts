// Two copies of the built package in one process, as installers and bundlers make them.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import type { Decision } from '../../src/index.ts';
import { installations, type Installation } from './installations.ts';
import { apiError, modelsOf, streamOf } from './mock-models.ts';
import { partsOf } from './mock-answers.ts';
import { errorOf, modes, run } from './run.ts';

type Copy = Installation['aiAlloy'];

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Loads another copy of the package, of its own version or of one that says that it is another. */
async function copyOf({ major }: Installation, as: string): Promise<Copy> {
  const folder = join(inject('installations'), `ai-${major}`);
  const path = join(folder, `copies-${as}`, 'node_modules/ai-alloy');
  cpSync(join(folder, 'node_modules/ai-alloy'), path, { recursive: true });
  for (const file of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    if (!/(\.js|package\.json)$/.test(file)) continue;
    const text = readFileSync(join(path, file), 'utf8');
    if (text.includes(version)) writeFileSync(join(path, file), text.replaceAll(version, as));
  }
  return import(pathToFileURL(join(path, 'dist/index.js')).href);
}

const all = await installations();

describe.each(all)('ai $major', (installation) => {
  const { aiAlloy, native } = installation;
  const { answers, rejects, streams } = modelsOf(installation);
  let copy: Copy;
  let other: Copy;
  beforeAll(async () => {
    copy = await copyOf(installation, version);
    other = await copyOf(installation, '99.0.0');
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const size = (tokens: number) => ({ contextWindow: tokens });
  const small = () => ({ id: 'small', model: answers('small'), ...size(8000) });

  test('they are copies', () => {
    expect(copy.cascade).not.toBe(aiAlloy.cascade);
    expect(other.cascade).not.toBe(copy.cascade);
  });

  describe.each(modes)('of one version: %s', (mode) => {
    test('R-10: a primitive of the other one has the size of its members', async () => {
      const large = { id: 'large', model: answers('large'), ...size(100_000) };
      const model = aiAlloy.dispatcher({
        order: 'smallest-first',
        targets: [large, { id: 'inner', model: copy.cascade({ steps: [small()] }) }],
      });
      const { text, decision } = await run(installation, mode, { model });
      expect(text).toBe('small');
      expect(decision).toMatchObject({ order: ['inner', 'large'], attempts: [{ id: 'inner' }] });
    });

    test('R-38: decisions are nested, and told once', async () => {
      const heard: Decision[] = [];
      onTestFinished(aiAlloy.onDecision((decision) => void heard.push(decision)));
      const inner = copy.cascade({
        id: 'inner',
        steps: [rejects('a', () => apiError(installation, 503)), small()],
      });
      const model = aiAlloy.cascade({ id: 'outer', steps: [inner] });
      const { decision } = await run(installation, mode, { model });
      const nested = { decision: { id: 'inner', attempts: [{ failure: 'server-error' }, {}] } };
      expect(decision).toMatchObject({ id: 'outer', attempts: [nested] });
      expect(heard).toMatchObject([{ id: 'outer' }]);
    });

    test('R-38: each knows the decision behind an error that the other passed on', async () => {
      const model = copy.cascade({ id: 'inner', steps: [rejects('a', () => apiError(installation, 401))] });
      const error = await errorOf(run(installation, mode, { model }));
      expect(aiAlloy.decisionOf(error)).toMatchObject({ id: 'inner' });
    });
  });

  test('R-23: deadlines of attempts are not put around all that happens in a primitive of the other one', async () => {
    const silent = streams('silent', () => new ReadableStream());
    const inner = copy.cascade({
      id: 'inner',
      steps: [silent, streams('b', () => streamOf(partsOf(native, { text: 'b' })))],
    });
    const model = aiAlloy.cascade({ id: 'outer', firstContentMs: 50, steps: [inner] });
    const { text, decision } = await run(installation, 'stream', { model });
    expect(text).toBe('b');
    const attempts = [{ failure: 'timeout', deadline: 'firstContentMs' }, { outcome: 'answered' }];
    expect(decision).toMatchObject({ attempts: [{ outcome: 'answered', decision: { attempts } }] });
  });

  test('explain looks into a primitive of the other copy', async () => {
    const decision = await aiAlloy.explain(copy.cascade({ steps: [small()] }), { prompt: 'Hi' });
    expect(decision).toMatchObject({ order: ['small'] });
  });

  describe('of another version', () => {
    const inner = () =>
      other.cascade({ id: 'inner', steps: [{ id: 'small', model: answers('small'), contextWindow: 8000 }] });

    test('R-36: a primitive of it is an error at construction that says so', () => {
      expect(() => aiAlloy.cascade({ id: 'c', steps: [answers('a'), inner()] })).toThrow(
        expect.objectContaining({
          name: 'AI_InvalidConfigurationError',
          option: 'cascade "c": steps[1].model',
          message: expect.stringMatching(
            new RegExp(
              `is a cascade of ai-alloy 99\\.0\\.0, and this is ${version.replaceAll('.', '\\.')}: .*contextWindow`,
            ),
          ),
        }),
      );
    });

    test('with a size beside it, it is a plain model, and a warning says so', async () => {
      const said: unknown[] = [];
      vi.stubGlobal('AI_SDK_LOG_WARNINGS', (warnings: unknown) => said.push(warnings));
      const model = aiAlloy.cascade({ id: 'c', steps: [{ model: inner(), contextWindow: 8000 }] });
      expect(JSON.stringify(said)).toMatch(
        /c\\": steps\[0\]\.model is a cascade of ai-alloy 99\.0\.0.* plain model/,
      );
      const { text, decision } = await run(installation, 'generate', { model });
      expect(text).toBe('small');
      expect(decision).toMatchObject({ id: 'c', attempts: [{ decision: { id: 'inner' } }] });
    });

    test('one that is not on record, as those of 0.1.0 are not, is a warning', async () => {
      const said: unknown[] = [];
      vi.stubGlobal('AI_SDK_LOG_WARNINGS', (warnings: unknown) => said.push(warnings));
      const lookalike = Object.assign({}, inner());
      const model = aiAlloy.cascade({ steps: [lookalike] });
      expect(JSON.stringify(said)).toMatch(/a wrapped cascade, or one of another version/);
      expect((await run(installation, 'generate', { model })).text).toBe('small');
    });

    test('explain says what it takes', async () => {
      await expect(aiAlloy.explain(inner(), { prompt: 'Hi' })).rejects.toThrow(/of this version of ai-alloy/);
    });
  });
});

describe('of one version, beside another major of ai', () => {
  const [seven, six] = [all.find(({ major }) => major === 7)!, all.find(({ major }) => major === 6)!];
  const inner = () => six.aiAlloy.cascade({ id: 'six', steps: [modelsOf(six).answers('six')] });

  test('R-36: a primitive is an error at construction, for its members are of another specification', () => {
    expect(() => seven.aiAlloy.cascade({ steps: [inner()] })).toThrow(
      /of ai-alloy beside another major of ai: /,
    );
  });

  test.each(modes)('with a size beside it, it is adapted as any model is: %s', async (mode) => {
    const model = seven.aiAlloy.cascade({ steps: [{ model: inner(), contextWindow: 8000 }] });
    const { text, usage } = await run(seven, mode, { model });
    expect(text).toBe('six');
    expect(usage.input).toBeGreaterThan(0);
  });
});
