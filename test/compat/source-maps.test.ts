import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, inject, test } from 'vitest';

const folder = join(inject('installations'), 'package');

test('source maps and declaration maps lead to sources that are in the package', () => {
  const maps = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.map'))
    .map((file) => join(folder, 'dist', file));
  expect(maps.some((file) => file.endsWith('.js.map'))).toBe(true);
  expect(maps.some((file) => file.endsWith('.d.ts.map'))).toBe(true);
  for (const file of maps) {
    const { sources } = JSON.parse(readFileSync(file, 'utf8')) as { sources: string[] };
    const missing = sources.filter((source) => !existsSync(join(dirname(file), source)));
    expect({ file, missing }).toEqual({ file, missing: [] });
  }
});

test('a stack trace names functions as they are in the sources, and their lines', () => {
  const program = `
    import { cascade } from 'ai-alloy';
    try { cascade({ steps: [] }); } catch (error) { console.log(error.stack); }`;
  const stackWith = (...flags: string[]) =>
    execFileSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
      cwd: join(folder, '../ai-7'),
      encoding: 'utf8',
    });
  expect(stackWith()).toMatch(/at cascade \(.*\/ai-alloy\/dist\/.*\.js:\d+:\d+\)/);
  expect(stackWith('--enable-source-maps')).toMatch(/at cascade \(.*\/ai-alloy\/src\/cascade\.ts:\d+:\d+\)/);
});
