import { defineConfig } from 'vitest/config';

// The sources are tested as they are; the examples and the package size want the build.
const sources = {
  'ai-alloy/tiktoken': new URL('src/tiktoken/index.ts', import.meta.url).pathname,
  'ai-alloy/huggingface': new URL('src/huggingface/index.ts', import.meta.url).pathname,
  'ai-alloy/local': new URL('src/local/index.ts', import.meta.url).pathname,
  'ai-alloy/media': new URL('src/media/index.ts', import.meta.url).pathname,
  'ai-alloy/otel': new URL('src/otel/index.ts', import.meta.url).pathname,
  'ai-alloy/gateway': new URL('src/gateway/index.ts', import.meta.url).pathname,
  'ai-alloy/redis': new URL('src/redis/index.ts', import.meta.url).pathname,
  'ai-alloy/load': new URL('src/load/index.ts', import.meta.url).pathname,
  'ai-alloy': new URL('src/index.ts', import.meta.url).pathname,
};

export default defineConfig({
  test: {
    setupFiles: ['test/support/setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          testTimeout: 20_000, // laws run thousands of calls, and machines are busy
          include: ['test/**/*.test.ts'],
          exclude: ['test/compat/**', 'test/redis/**', 'test/llama/**'],
          alias: sources,
        },
      },
      {
        extends: true,
        test: {
          // The other zod that a gateway may find; the sources are what tells them apart.
          name: 'zod-4',
          include: ['test/gateway/**/*.test.ts'],
          alias: { ...sources, 'zod/v4': 'zod-v4/v4' },
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
