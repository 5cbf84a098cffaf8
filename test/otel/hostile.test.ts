import { instrument } from 'ai-alloy/otel';
import { MockLanguageModelV4 } from 'ai/test';
import { expect, it } from 'vitest';
import { cascade } from '../../src/index.ts';
import { answers, callOf, streamOf, textParts, textResult, type Part } from '../support/models.ts';
import { recorded } from './recorded.ts';

/** An object whose properties can be read `reads` times; then reading one throws. */
function fragile<Value extends object>(value: Value, reads: { left: number }): Value {
  const use = (): void => {
    if (reads.left-- <= 0) throw new Error('unreadable');
  };
  return new Proxy(value, {
    get(target, key) {
      use();
      const found: unknown = Reflect.get(target, key);
      if (typeof found === 'function') return found.bind(target);
      return found && typeof found === 'object' && !(found instanceof ReadableStream)
        ? fragile(found, reads)
        : found;
    },
    ownKeys(target) {
      use();
      return Reflect.ownKeys(target);
    },
  });
}

it.each(['generate', 'stream'])(
  'every span is ended, however late an answer turns out unreadable (%s)',
  async (mode) => {
    const memory = recorded();
    const stop = instrument({ tracerProvider: memory.tracerProvider });
    let [broken, replaced] = [0, 0];
    for (let left = 0; left < 200; left++) {
      const reads = { left };
      const member = new MockLanguageModelV4({
        modelId: 'm',
        doGenerate: async () => fragile(textResult('Hello!'), reads),
        doStream: async () =>
          fragile({ stream: streamOf(textParts('Hello!').map((part) => fragile(part, reads))) }, reads),
      });
      const inner = cascade({ id: 'inner', steps: [member] });
      const model = cascade({ id: 'c', steps: left % 3 === 0 ? [inner] : [member, answers('other')] });
      try {
        if (mode === 'generate') await model.doGenerate(callOf('Hello!'));
        else {
          const { stream } = await model.doStream(callOf('Hello!'));
          for await (const part of stream as unknown as AsyncIterable<Part>) void part;
        }
      } catch {
        broken++;
      }
      const { started, ended } = memory.counting;
      if (started.length > 2 && left % 3 !== 0) replaced++;
      expect([left, ended.length]).toEqual([left, started.length]);
      expect(started.length).toBeGreaterThan(0);
      memory.clear();
    }
    stop();
    expect(broken + replaced).toBeGreaterThan(5);
    await memory.shutdown();
  },
);
