import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['browser/*.test.ts'],
    testTimeout: 180_000, // a slow machine
    hookTimeout: 600_000, // the build
  },
});
