import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
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
    expect(stderr).toMatch(/^error: --html is ".*": the page can't be written \(EISDIR/);
  });

  it.each([
    ['a folder that there is not', 'missing/page.html', 'ENOENT'],
    ['a file as a folder', 'models.yaml/page.html', 'ENOTDIR'],
    ['no name', '', 'ENOENT'],
  ])('says what is wrong, as JSON as well: %s', async (_what, name, code) => {
    const file = await written('models.yaml', models);
    const html = name && join(dirname(file), name);
    const args = ['explain', file, 'smart', '--tokens', '1K', '--html', html, '--open', '--json'];
    const run = await runCli(args, { environment: { PATH: dirname(file) } });
    expect(run.code).toBe(2);
    const { error } = JSON.parse(run.stdout) as { error: { message: string } };
    expect(error.message).toMatch(new RegExp(`--html is ".*": the page can't be written \\(${code}`));
  });

  it('does not replace a file that it reads, under whatever name', async () => {
    const file = await written('models.yaml', models);
    const prompt = await written('prompt.txt', 'Hello!');
    const linked = join(dirname(file), 'linked.html');
    await symlink(prompt, linked);
    for (const html of [file, prompt, linked, join(dirname(file), '.', 'models.yaml')]) {
      const args = ['explain', file, 'smart', '--prompt', prompt, '--html', html];
      const { code, stderr } = await runCli(args);
      expect([code, stderr]).toEqual([2, expect.stringContaining('this command reads that file')]);
    }
    expect(await readFile(file, 'utf8')).toBe(models);
    expect(await readFile(prompt, 'utf8')).toBe('Hello!');
  });

  it('needs nothing, whatever the file says', async () => {
    const hostile = `</style><script src=https://a.example/x></script><img src="//b.example" onerror='x()'>\u202e`;
    const gateway = {
      models: [{ id: hostile, name: hostile, context_window: 90_000 }],
      dispatchers: [
        {
          id: 'smart',
          targets: [hostile],
          rules: [{ id: hostile, when: { metadata: { tier: hostile }, text: hostile }, target: hostile }],
        },
      ],
    };
    const file = await written('hostile.json', JSON.stringify(gateway));
    const page = join(dirname(file), 'hostile.html');
    const { code, stdout } = await runCli(['explain', file, 'smart', '--tokens', '1K', '--html', page]);
    expect(code).toBe(0);
    const html = await readFile(page, 'utf8');
    const tags = [...html.matchAll(/<(\w+)[^>]*>/g)];
    expect(tags.filter(([, name]) => /^(script|img|link|iframe|object|embed|base)$/.test(name!))).toEqual([]);
    expect(
      tags.filter(([tag]) => /\s(src|href|on\w+|style)=/.test(tag.replaceAll(/style="--depth:\d+"/g, ''))),
    ).toEqual([]);
    for (const shown of [html, stdout]) expect(shown).not.toContain('\u202e');
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

  it('says so where there is no place for a temporary file', async () => {
    const file = await written('models.yaml', models);
    const environment = { PATH: dirname(file), TMPDIR: join(dirname(file), 'missing') };
    const { code, stderr } = await runCli(['explain', file, 'smart', '--tokens', '1K', '--open'], {
      environment,
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --open: the page can't be written \(ENOENT/);
  });
});
