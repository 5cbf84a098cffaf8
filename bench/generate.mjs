import { measure } from './measure.mjs';
import { models, newCall } from './models.mjs';

/** What a level adds to `doGenerate`. */
export async function generate() {
  const variants = Object.entries(models).map(([name, model]) => [name, () => model.doGenerate(newCall())]);
  for (const [name, run] of variants) {
    const { content } = await run();
    if (content[0].text !== 'Paris.') throw new Error(`bench: ${name} gave another answer`);
  }
  await measure({ title: 'doGenerate, short prompt', variants: Object.fromEntries(variants), calls: 5000 });
}
