// Tools of real MCP servers from npm, as the AI SDK hands them to a model.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const servers = [
  ['@modelcontextprotocol/server-filesystem', '/tmp'],
  ['@modelcontextprotocol/server-github'],
  ['@modelcontextprotocol/server-everything'],
  ['@modelcontextprotocol/server-gitlab'],
  ['chrome-devtools-mcp'],
];

/** The tools of each server, by the server's name. */
export async function mcpTools() {
  const lists = await Promise.all(servers.map(([name, ...args]) => toolsOfServer(name, args)));
  return Object.fromEntries(servers.map(([name], i) => [name, lists[i]]));
}

async function toolsOfServer(name, args) {
  const folder = new URL(`node_modules/${name}/`, import.meta.url);
  const { bin } = JSON.parse(readFileSync(new URL('package.json', folder)));
  const program = new URL(typeof bin === 'string' ? bin : Object.values(bin)[0], folder).pathname;
  // GitLab's server lists its tools only where there is a token, which it doesn't use for that.
  const env = { ...process.env, GITLAB_PERSONAL_ACCESS_TOKEN: 'none' };
  const server = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'ignore'], env });
  const send = (message) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'bench', version: '1' };
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo },
  });
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      const { id, result } = line.startsWith('{') ? JSON.parse(line) : {};
      if (id === 1) {
        send({ method: 'notifications/initialized' });
        send({ id: 2, method: 'tools/list' });
      }
      if (id === 2) {
        return result.tools.map(({ name: tool, description, inputSchema }) => ({
          type: 'function',
          name: tool,
          description,
          inputSchema,
        }));
      }
    }
  } finally {
    server.kill();
  }
  throw new Error(`${name} lists no tools`);
}
