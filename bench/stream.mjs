import { deltas, newCall } from './bare.mjs';
import { measure } from './measure.mjs';
import { models } from './models.mjs';

const consumers = {
  'through pipeThrough, as ai consumes it': (parts) => parts.pipeThrough(new TransformStream()),
  'through a reader': (parts) => parts,
};

/** What a level adds to `doStream`, by how the stream is consumed. */
export async function stream() {
  for (const [how, consume] of Object.entries(consumers)) {
    const variants = Object.entries(models).map(([name, model]) => [
      name,
      async () => countText(consume((await model.doStream(newCall())).stream)),
    ]);
    for (const [name, run] of variants) {
      if ((await run()) !== deltas) throw new Error(`bench: ${name} lost text`);
    }
    const title = `doStream of ${deltas} deltas ${how}`;
    await measure({ title, variants: Object.fromEntries(variants), calls: 150 });
  }
}

async function countText(parts) {
  const reader = parts.getReader();
  let count = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return count;
    if (value.type === 'text-delta') count++;
  }
}
