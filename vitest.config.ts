import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/support/setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/compat/**', 'test/redis/**'],
          // The sources are tested as they are; the examples and the package size want the build.
          alias: {
            'ai-alloy/tiktoken': new URL('src/tiktoken/index.ts', import.meta.url).pathname,
            'ai-alloy/media': new URL('src/media/index.ts', import.meta.url).pathname,
            'ai-alloy/gateway': new URL('src/gateway/index.ts', import.meta.url).pathname,
            'ai-alloy/redis': new URL('src/redis/index.ts', import.meta.url).pathname,
            'ai-alloy/load': new URL('src/load/index.ts', import.meta.url).pathname,
            'ai-alloy': new URL('src/index.ts', import.meta.url).pathname,
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'compat',
          include: ['test/compat/**/*.test.ts'],
          globalSetup: ['test/compat/install.ts'],
          testTimeout: 20_000,
        },
      },
    ],
  },
});
