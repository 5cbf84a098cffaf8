import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { models, runCli, temporaryFiles } from './command-line.ts';

const written = temporaryFiles();

describe('R-38: explain --html', () => {
  it('writes a page that needs nothing else, and says what the command prints', async () => {
    const file = await written('models.yaml', models);
    const page = join(dirname(file), 'page.html');
    const args = ['explain', file, 'smart', '--tokens', '30K', '--html', page];
    const { stdout, code } = await runCli(args);
    expect(code).toBe(0);
    expect(stdout).toContain(`Page: ${page}`);
    const html = await readFile(page, 'utf8');
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).not.toMatch(/<script|<link|\bsrc=|url\(|@import|https?:/);
    const [sentence = ''] = /First call: .*/.exec(stdout) ?? [];
    // Only whether it is there: a failure would print the whole page.
    expect(html.includes(`<p class="destination">${sentence}</p>`)).toBe(true);
    // 30K of input and 4,096 of output, in 24,576
    expect(/too large by (10,2\d\d)</.exec(html)?.[1]).toBeDefined();
    expect(html.match(/<svg class="picture (across|down)"/g)).toHaveLength(2);
    const json = JSON.parse((await runCli([...args, '--json'])).stdout) as { page: string };
    expect(json.page).toBe(page);
  });

  it('writes a page of a refusal, too', async () => {
    const file = await written('models.yaml', models);
    const page = join(dirname(file), 'refused.html');
    const { code } = await runCli(['explain', file, 'local/qwen', '--tokens', '100K', '--html', page]);
    expect(code).toBe(1);
    expect(await readFile(page, 'utf8')).toContain('class="destination refused"');
  });

  it('a file that can not be written is wrong usage', async () => {
    const file = await written('models.yaml', models);
    const { code, stderr } = await runCli([
      'explain',
      file,
      'smart',
      '--tokens',
      '1K',
      '--html',
      dirname(file),
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --html is ".*": it can't be written \(EISDIR/);
  });

  it('no page is written of a file with problems', async () => {
    const file = await written('wrong.json', '{"models":[{"id":"a","context_window":0}]}');
    const page = join(dirname(file), 'wrong.html');
    expect((await runCli(['explain', file, 'a', '--tokens', '1K', '--html', page])).code).toBe(1);
    await expect(stat(page)).rejects.toThrow('ENOENT');
  });
});

// Other systems have other programs, which are not in the PATH.
describe.runIf(process.platform === 'linux')('R-38: explain --open', () => {
  it('opens a page with the program of the system', async () => {
    const file = await written('models.yaml', models);
    const folder = dirname(file);
    const opened = join(folder, 'opened');
    const opener = await written(
      'xdg-open',
      `#!/bin/sh\necho "$1" > "${opened}.part" && mv "${opened}.part" "${opened}"\n`,
    );
    await chmod(opener, 0o755);
    const PATH = `${folder}:${process.env['PATH']}`;
    const run = await runCli(['explain', file, 'smart', '--tokens', '1K', '--open'], {
      environment: { PATH },
    });
    expect(run.code).toBe(0);
    const [, page = ''] = /^Page: (.*\.html)$/m.exec(run.stdout) ?? [];
    expect(await readFile(page, 'utf8')).toContain('<svg');
    await expect.poll(() => readFile(opened, 'utf8').catch(() => ''), { timeout: 10_000 }).toBe(`${page}\n`);
  });

  it('says what to do where there is no such program', async () => {
    const file = await written('models.yaml', models);
    const environment = { PATH: dirname(file) };
    await writeFile(join(dirname(file), 'xdg-open'), 'not executable', { mode: 0o644 });
    await chmod(join(dirname(file), 'xdg-open'), 0o644);
    const { code, stderr } = await runCli(['explain', file, 'smart', '--tokens', '1K', '--open'], {
      environment,
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --open: there is no xdg-open here, open .*\.html yourself$/m);
  });
});
