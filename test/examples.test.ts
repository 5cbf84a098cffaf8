import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LLMock, type ChatCompletionRequest, type FixtureResponse } from '@copilotkit/aimock';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm start` and `npm run example` do after the build, which `npm test` has done already. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const ownEnv = Object.entries(process.env).filter(([name]) => !name.startsWith('OPENAI_'));
  const child = spawn(process.execPath, args, { cwd: root, env: { ...Object.fromEntries(ownEnv), ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const main = ['--import', 'tsx', 'examples/main.ts'];

/** The lines that main prints about the request for `file`. */
function about(stdout: string, file: string): string {
  return stdout.split('\n\n').find((block) => block.split('\n')[0]?.endsWith(file)) ?? '';
}

/** Telling lines of every example but main. */
const telling: Record<string, RegExp[]> = {
  failures: [
    /^silent, first call: This is standby.*\n✗ openai\.chat\/silent +failed: timeout \(firstContentMs\)\n✓ openai\.chat\/standby/m,
    /^busy, first call: This is busy.*\n✗ openai\.chat\/busy +failed: rate-limit \(HTTP 429\)\n✓ openai\.chat\/busy/m,
    /^flaky, first call: This is standby.*\n✗ openai\.chat\/flaky +failed: network/m,
    /^down, second call: This is standby.*\n- openai\.chat\/down +on cooldown, so it goes last\n✓ openai\.chat\/standby/m,
  ],
  'alloy-tool-loop': [
    /^gpt-4\.1: weather\(.*Lisbon/m,
    /^gpt-4o: weather\(.*Oslo/m,
    /^gpt-4\.1: .*7 °C and rain/m,
  ],
  classifier: [
    /^rule none: openai\.chat\/gpt-5-mini, after asking the classifier$/m,
    /^rule code: openai\.chat\/gpt-5-codex, after asking the classifier\nrule code: openai\.chat\/gpt-5-codex$/m,
    /^rule gold: openai\.chat\/gpt-5-codex$/m,
  ],
  counting: [
    /^Chinese +\d{3} +\d{4} +352$/m,
    /tokens, estimate; reported: 18193\n.* tokens, anchored; reported: 18\d{3}/,
    /the prompt was cut off: .* reports 2050\./,
  ],
  explain: [/README\.md would go to local\./, /local: \d+ of 24576 tokens, too large/, /would go to blend\./],
  'first-call': [/^This is gpt-4\.1/m, /failure: 'server-error'/, /answeredBy: 'openai\.chat\/gpt-4\.1'/],
  'fit-check': [
    /^ai\/README\.md: This is qwen3-8b/m,
    /nothing was sent.*ceiling 27852/,
    /skipped: 'too-large'/,
  ],
  gateway: [
    /^cost-aware, silver, about 100 tokens: rule 0, to local\/qwen3\.5-35b$/m,
    /^cost-aware, gold, about 20000 tokens: rule 1, to opencode-go\/kimi-k2\.6$/m,
    /^cost-aware, silver, about 20000 tokens: rule 2, to fast-smart-blend\n {2}This is (gemini|claude)/m,
    /^kimi-with-fallback: This is local\/qwen3\.5-35b/m,
  ],
  'own-primitive': [/^hosted answered \(custom-order: hosted, local\) for 0\.0000\d+ US dollars\.$/m],
  'next-route-handler': [/"answeredBy":"gpt-4o"/, /"errorText":"This conversation has become too long/],
  'prune-messages': [
    /nothing was sent\. openai\.chat\/qwen3-8b: \d+ input \+ 1000 output/,
    /^9 messages, of which 5 were sent: This is qwen3-8b/m,
  ],
  shorten: [
    /^2 of 3 files, \d+ tokens: This is qwen3-8b/m,
    /^3 of 3 files, shortened from \d+ to \d+ tokens: This is qwen3-8b/m,
  ],
  'valid-json': [
    /^\{ city: 'Lisbon' \}$/m,
    /^openai\.chat\/chatty failed: rejected \(Unexpected token.*JSON\)$/m,
    /^openai\.chat\/careless failed: rejected \(data must have required property 'city'\)$/m,
    /^openai\.chat\/careful answered$/m,
  ],
  registry: [/^house:fast → This is gpt-4/m, /^smart → This is gpt-4/m, /failure: 'server-error'/],
};

describe.concurrent('npm run example', { timeout: 60_000 }, () => {
  it.each(Object.entries(telling))('%s runs offline', async (name, lines) => {
    const { code, stdout, stderr } = await run(['scripts/example.mjs', name]);
    expect(stderr).toBe('');
    for (const line of lines) expect(stdout).toMatch(line);
    expect(code).toBe(0);
  });

  it.each([[[]], [['nonsense']]])('lists all examples for %j', async (args) => {
    const { code, stderr } = await run(['scripts/example.mjs', ...args]);
    expect(code).toBe(1);
    const names = [...stderr.matchAll(/^ {2}(\S+) {2,}\S/gm)].map(([, name]) => name);
    // next-chat is a server that doesn't end: npm run test:browser drives it.
    expect(names).toEqual([...Object.keys(telling), 'main', 'next-chat'].toSorted());
  });
});

describe.concurrent('npm start', { timeout: 60_000 }, () => {
  it('R-3, R-21, R-22, R-24, R-32: says who was skipped, who failed, who answered and what was refused', async () => {
    const { code, stdout, stderr } = await run(main);
    expect(stderr).toBe('');
    expect(about(stdout, 'package.json')).toMatch(/needs .*tokens\n +✓ local +answered/);
    expect(about(stdout, 'generate-text.ts')).toMatch(
      /- local +skipped: too large.*\n +✓ blend › \w+ +answered/,
    );
    const long = about(stdout, '. stream-text.ts');
    expect(long).toMatch(/- blend +skipped: too large, [\d,]+ > 32,768/);
    expect(long).toMatch(/✗ long › flagship +failed: server-error \(HTTP 503\)/);
    expect(long).toMatch(/✗ long › standby +failed: overflow \(HTTP 400\)/);
    expect(long).toMatch(/✓ long › archive +answered/);
    expect(about(stdout, '. ai/CHANGELOG.md')).toMatch(
      /- long › standby +skipped: too large, [\d,]+ > 32,768, as its provider said/,
    );
    expect(about(stdout, ' + generate-text.ts')).toMatch(/dispatcher "smart": .*nothing was\s+sent/);
    expect(stdout).toMatch(/^6 answered, 1 refused/m);
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(code).toBe(0);
  });

  it('R-17, R-32: talks to OPENAI_BASE_URL instead, and sends nothing for the request that is refused', async () => {
    const { server, env } = await serve(({ model }) => ({ content: `Truly, ${model}.` }));
    const { code, stdout } = await run(main, { ...env, OPENAI_MODELS: 'one, two' });
    expect(stdout).toContain(env.OPENAI_BASE_URL);
    expect(about(stdout, 'package.json')).toContain('“Truly, one.”');
    expect(about(stdout, 'CHANGELOG.md')).toMatch(/✓ long › flagship +answered/);
    expect(server.getRequests()).toHaveLength(6);
    expect(code).toBe(0);
  });

  it('fails, without a stack trace, if the server takes no request', async () => {
    const incorrectKey = {
      message: 'Incorrect API key provided.',
      type: 'invalid_request_error',
      code: 'invalid_api_key',
    };
    const { env } = await serve(() => ({ status: 401, error: incorrectKey }));
    const { code, stdout, stderr } = await run(main, env);
    expect(stdout).toMatch(/✗ local +failed: auth \(HTTP 401\)\n +AI_APICallError: Incorrect API key/);
    expect(stdout + stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });
});

async function serve(
  answer: (request: ChatCompletionRequest) => FixtureResponse,
): Promise<{ server: LLMock; env: { OPENAI_BASE_URL: string; OPENAI_API_KEY: string } }> {
  const server = new LLMock({ port: 0 });
  server.on({}, answer);
  const url = await server.start();
  onTestFinished(() => server.stop());
  return { server, env: { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'test' } };
}
