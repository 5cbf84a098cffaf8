// Keeps a core busy for as long as its parent lives.
import { setImmediate } from 'node:timers/promises';

process.on('disconnect', () => process.exit());
for (;;) {
  const until = performance.now() + 20;
  while (performance.now() < until);
  await setImmediate();
}
