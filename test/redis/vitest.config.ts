import { defineConfig } from 'vitest/config';

// Apart from vitest.config.ts: these want a redis-server, which not everyone has who runs `npm test`.
export default defineConfig({
  test: {
    name: 'redis',
    setupFiles: ['test/support/setup.ts'],
    include: ['test/redis/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
