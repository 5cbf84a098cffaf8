import { newCall, newCallWithSignal } from './bare.mjs';
import { measure } from './measure.mjs';
import { models } from './models.mjs';

const calls = { 'short prompt': newCall, 'short prompt, abort signal': newCallWithSignal };

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
