import { measure } from './measure.mjs';
import { models, newCall } from './models.mjs';

/** A server gives each request a signal of its own. */
const withSignal = () => ({ ...newCall(), abortSignal: new AbortController().signal });

const calls = { 'short prompt': newCall, 'short prompt, abort signal': withSignal };

/** What a level adds to `doGenerate`. */
export async function generate() {
  for (const [what, call] of Object.entries(calls)) {
    const variants = Object.entries(models).map(([name, model]) => [name, () => model.doGenerate(call())]);
    for (const [name, run] of variants) {
      const { content } = await run();
      if (content[0].text !== 'Paris.') throw new Error(`bench: ${name} gave another answer`);
    }
    await measure({ title: `doGenerate, ${what}`, variants: Object.fromEntries(variants), calls: 5000 });
  }
}
