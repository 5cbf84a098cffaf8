import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A llama-server of a test's own, on a free port of 127.0.0.1. */
export class LlamaServer {
  readonly baseURL: string;
  private readonly child: ChildProcess;

  private constructor(baseURL: string, child: ChildProcess) {
    this.baseURL = baseURL;
    this.child = child;
  }

  /** Starts one with these options; resolves once it listens, which is after its model is loaded. */
  static async start(options: readonly string[]): Promise<LlamaServer> {
    const port = await freePort();
    const address = ['--host', '127.0.0.1', '--port', `${port}`];
    const child = spawn(process.env['LLAMA_SERVER'] ?? 'llama-server', [...options, ...address], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: unknown): void => {
        output += String(chunk);
        if (output.includes('listening on http')) resolve();
      };
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`llama-server ended with ${code}:\n${output}`)));
      child.stdout.on('data', read);
      child.stderr.on('data', read);
    });
    return new LlamaServer(`http://127.0.0.1:${port}/v1`, child);
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
