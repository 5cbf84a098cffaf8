import { expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { version } from '../src/version.ts';

it('the version that copies know each other by is that of the package', () => {
  expect(version).toBe(packageJson.version);
});
