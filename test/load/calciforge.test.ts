import { explain } from 'ai-alloy';
import { parseGatewayConfig } from 'ai-alloy/gateway';
import { loadModelGateway, readGatewayFile } from 'ai-alloy/load';
import { describe, expect, it } from 'vitest';
import { runCli, temporaryFiles } from '../cli/command-line.ts';
import { answers } from '../support/models.ts';

const written = temporaryFiles();

/** A file of calciforge: every part that it can have, besides those about models. */
const text = `
[calciforge]
version = 2

[security]
profile = "balanced"

[[identities]]
id = "me"
aliases = [{ channel = "signal", id = "+10000000000" }]

[[agents]]
id = "coder"
kind = "acp"
api_key = "\${A_KEY_OF_CALCIFORGE}"

[[routing]]
identity = "me"
default_agent = "coder"

[permissions]
default = "deny"

[[channels]]
kind = "mock"

[subagents]
delegation_enabled = true

[memory]
store = "sqlite"

[context]
buffer_size = 20

[proxy]
enabled = true
bind = "127.0.0.1:8080"
backend_api_key = "os.environ/KEY"

[proxy.token_estimator]
strategy = "char_ratio"
chars_per_token = 3.0
safety_margin = 1.2

[[proxy.providers]]
id = "far"
url = "https://far.example/v1"
models = ["far/*"]

[local_models]
enabled = true

[[local_models.models]]
id = "near"

[[model_shortcuts]]
alias = "near"
model = "local/near"

[[model_shortcuts]]
alias = "by-size"
model = "smart"

[[alloys]]
id = "blend"
name = "Blend"
strategy = "round_robin"
[[alloys.constituents]]
model = "far/large"
context_window = 200000
weight = 2
[[alloys.constituents]]
model = "near"
context_window = 32768

[[cascades]]
id = "near-then-far"
[[cascades.models]]
model = "near"
context_window = 32768
[[cascades.models]]
model = "far/large"
context_window = 200000

[[dispatchers]]
id = "smart"
name = "By size"
[[dispatchers.models]]
model = "near"
context_window = 32768
[[dispatchers.models]]
model = "near-then-far"
context_window = 200000
`;

describe('R-35: a file of calciforge', () => {
  it('is sound, and its other parts are left alone', async () => {
    const file = await written('config.toml', text);
    const { stdout, code } = await runCli(['check', file]);
    expect(stdout.split('\n')).toEqual([
      `${file}: no problems`,
      '  1 alloy: blend',
      '  1 cascade: near-then-far',
      '  1 dispatcher: smart',
      '  2 shortcuts: near → local/near, by-size → smart',
      '',
    ]);
    expect(code).toBe(0);
    const { stdout: json } = await runCli(['check', file, '--json']);
    expect(JSON.parse(json)).toMatchObject({
      shortcuts: [
        { alias: 'near', model: 'local/near' },
        { alias: 'by-size', model: 'smart' },
      ],
    });
  });

  it('is a gateway, counted as it says', async () => {
    const gateway = await loadModelGateway({ text, format: 'toml' }, { providers: answers });
    const { id, candidates, order } = await explain(gateway.languageModel('by-size'), {
      prompt: 'x'.repeat(150_000),
    });
    expect([id, order]).toEqual(['smart', ['near-then-far']]);
    expect(candidates[0]).toMatchObject({ id: 'local/near', demand: { estimator: 'char-ratio(3, 1.2)' } });
  });

  it('is explained and drawn by its shortcuts', async () => {
    const file = await written('drawn.toml', text);
    const { stdout } = await runCli(['explain', file, 'near', '--tokens', '1K']);
    expect(stdout).toContain('First call: local/near.');
    const { stdout: graph } = await runCli(['graph', file]);
    expect(graph).toContain('["local/near<br/>shortcut: near"]');
    expect(graph).toContain('dispatcher, first that fits<br/>shortcut: by-size"}}');
    const { stderr, code } = await runCli(['explain', file, 'by-sise', '--tokens', '1K']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean "by-size"?')]);
  });

  it('gets no more than that: what is misspelt is still a problem, at its line', async () => {
    const { problems } = await readGatewayFile(
      {
        text: text.replace('model = "near"', 'model = "${NEAR}"'),
        format: 'toml',
      },
      { environment: {} },
    );
    expect(problems.map(({ path }) => path.join('.'))).toEqual(['alloys.0.constituents.1.model']);
    const { data } = await readGatewayFile({ text: `${text}\n[[dispatcher]]\nid = "x"\n`, format: 'toml' });
    expect(parseGatewayConfig(data).problems.map(({ message }) => message)).toEqual([
      'no such part of a gateway: did you mean "dispatchers"?',
    ]);
  });

  it('is known by its table: elsewhere such parts are problems', () => {
    const own = { models: [{ id: 'a/b' }], proxy: { bind: 'x' }, channels: [] };
    expect(parseGatewayConfig(own).problems).toHaveLength(2);
    expect(parseGatewayConfig({ ...own, calciforge: 'no table' }).problems).toHaveLength(3);
    expect(parseGatewayConfig({ ...own, calciforge: { version: 2 } }).problems).toEqual([]);
    expect(parseGatewayConfig({ ...own, calciforge: {}, proxy: 'no table' }).problems).toHaveLength(1);
  });
});
