import { defineConfig } from 'vitest/config';

// Apart from vitest.config.ts: these want a llama-server, which hardly anyone has who runs `npm test`.
export default defineConfig({
  test: {
    name: 'llama',
    setupFiles: ['test/support/setup.ts'],
    include: ['test/llama/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
