// The recipes in docs/decisions.md, run as they stand there.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, it, onTestFinished, vi } from 'vitest';
import * as aiAlloy from '../src/index.ts';
import { answers, callOf, errorOf, fails, generated } from './support/models.ts';

const { cascade, dispatcher } = aiAlloy;

/** Runs the code block of a page that begins with the comment `// <name>`; returns what it exports. */
function recipe(page: string, name: string): Record<string, any> {
  const text = readFileSync(new URL(`../docs/${page}`, import.meta.url), 'utf8');
  const [, code] = new RegExp(`^\`\`\`ts\\n// ${name}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)!;
  const { outputText } = ts.transpileModule(code!, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const exports = {};
  const onDecision: typeof aiAlloy.onDecision = (listener) => {
    const stop = aiAlloy.onDecision(listener);
    onTestFinished(stop);
    return stop;
  };
  // oxlint-disable-next-line no-new-func -- it is our own documentation
  new Function('require', 'exports', outputText)(() => ({ ...aiAlloy, onDecision }), exports);
  return exports;
}

const inner = cascade({ id: 'inner', steps: [fails('x'), answers('a')] });
const model = dispatcher({ id: 'outer', targets: [inner] });
const down = cascade({ id: 'down', steps: [fails('x'), fails('y')] });

it('R-51: a JSON line per call has its outcome, its metadata and who failed how', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => written.mockRestore());
  recipe('decisions.md', 'instrumentation.ts')['register']();
  await generated(model, callOf('Hi', { providerOptions: { 'ai-alloy': { tenant: 'acme' } } }));
  await errorOf(generated(down, callOf('Hi')));
  const lines = written.mock.calls.map(([line]) => String(line)).filter((line) => line.startsWith('{"id"'));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { id: 'outer', outcome: 'answered', metadata: { tenant: 'acme' } },
    { id: 'down', outcome: 'failed', attempts: [{ failure: 'server-error' }, { failure: 'server-error' }] },
  ]);
  expect(lines.every((line) => line.endsWith('}\n') && !line.slice(0, -1).includes('\n'))).toBe(true);
});

it('R-51: counters by member and failure kind, in the words of decisions', async () => {
  const { counters, stop } = recipe('decisions.md', 'counters.ts');
  await generated(model, callOf('Hi'));
  await errorOf(generated(down, callOf('Hi')));
  stop();
  await generated(model, callOf('Hi'));
  expect(Object.fromEntries(counters)).toEqual({
    'calls{"primitive":"outer","outcome":"answered"}': 1,
    'calls{"primitive":"down","outcome":"failed"}': 1,
    'failures{"primitive":"inner","member":"mock/x","kind":"server-error"}': 1,
    'failures{"primitive":"down","member":"mock/x","kind":"server-error"}': 1,
    'failures{"primitive":"down","member":"mock/y","kind":"server-error"}': 1,
    'input_tokens{"primitive":"inner","member":"mock/a"}': 7,
    'output_tokens{"primitive":"inner","member":"mock/a"}': 2,
  });
});
