import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const here = dirname(fileURLToPath(import.meta.url));

const config: NextConfig = {
  distDir: '.generated', // ignored by git
  devIndicators: false,
  // Without these, Next takes the repository around this folder for the project.
  turbopack: { root: here },
  outputFileTracingRoot: here,
  // models.yaml is read when the server starts, so a deployment needs it as well.
  outputFileTracingIncludes: { '/*': ['./models.yaml'] },
};

export default config;
