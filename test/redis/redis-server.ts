import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A redis-server of a test's own, on a free port, which keeps nothing on the disk: it starts empty each time. */
export class RedisServer {
  readonly port: number;
  private readonly flags: readonly string[];
  private readonly folder: string;
  private child: ChildProcess | undefined;

  private constructor(port: number, flags: readonly string[]) {
    this.port = port;
    this.flags = flags;
    this.folder = mkdtempSync(join(tmpdir(), 'ai-alloy-redis-'));
  }

  /** Starts one; as a cluster, it is a single node without slots. */
  static async start({ cluster = false } = {}): Promise<RedisServer> {
    // The announced address, as a node that never met another does not know its own.
    const flags = cluster ? ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] : [];
    const server = new RedisServer(await freePort(), flags);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Resolves once it takes connections. */
  async start(): Promise<void> {
    const address = ['--bind', '127.0.0.1', '--port', `${this.port}`, '--dir', this.folder];
    const flags = [...address, '--save', '', '--appendonly', 'no', ...this.flags];
    const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = child;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
      child.stdout.on('data', (chunk) => {
        output += chunk;
        if (output.includes('Ready to accept connections')) resolve();
      });
    });
  }

  /** Ends it as a power cut does: no connection is closed in good order. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  /** Lets it hang: connections stay open, and nobody answers. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Ends it for good. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A port of 127.0.0.1 that nobody listens on, and 10,000 above it room for that of a cluster's bus. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    if (port <= 55_535) return port;
  }
}
