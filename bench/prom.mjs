import { createHook } from 'node:async_hooks';
const { models, newCall } = await import('./models.mjs');
for (const name of ['bare model', 'wrapLanguageModel', 'ai-retry', 'cascade', 'dispatcher', 'alloy']) {
  const m = models[name];
  if (!m) {
    console.log(Object.keys(models));
    continue;
  }
  for (let i = 0; i < 20; i++) await m.doGenerate(newCall());
  let n = 0;
  const h = createHook({
    init(id, type) {
      if (type === 'PROMISE') n++;
    },
  });
  const call = newCall();
  h.enable();
  const p = m.doGenerate(call);
  await p;
  h.disable();
  const g = n;
  n = 0;
  console.log(name, g);
}
