import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** Bytes that `code`, an import from the package, adds to a minified bundle: brotli, without `ai`. */
async function bytesOf(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    external: ['ai'],
    write: false,
  });
  return brotliCompressSync(outputFiles[0]!.contents).length;
}

it.each([
  ['everything', "export * from 'ai-alloy'", 58_500],
  ['a cascade alone', "export { cascade } from 'ai-alloy'", 51_800],
])('the size of %s', async (_, code, most) => {
  const bytes = await bytesOf(code);
  expect(bytes).toBeGreaterThan(1000); // not an empty bundle
  expect(bytes).toBeLessThanOrEqual(most);
});

// The modules are in one file, of which a bundler drops only what it knows to have no effects.
it('nothing is left in a bundle of what an export does not use', async () => {
  const bytes = await bytesOf("export { seededRandom } from 'ai-alloy'");
  expect(bytes).toBeGreaterThan(100);
  expect(bytes).toBeLessThan(300);
});
