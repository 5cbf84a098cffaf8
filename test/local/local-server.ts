import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answers } from './servers.ts';

/** A server on 127.0.0.1 that answers as another was recorded. */
export class LocalServer {
  /** What it was asked, in order: path and query. */
  readonly asked: string[] = [];
  /** The keys that it was asked with. */
  readonly keys = new Set<string | undefined>();
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(answers: Answers, { key, silent = false }: { key?: string; silent?: boolean } = {}) {
    const server = createServer((request, response) => {
      const { url = '', headers, method } = request;
      own.asked.push(method === 'GET' ? url : `${method} ${url}`);
      own.keys.add(headers.authorization);
      if (silent) return;
      if (key !== undefined && headers.authorization !== `Bearer ${key}`) {
        response.writeHead(401).end(JSON.stringify({ error: { code: 401, message: 'Invalid API Key' } }));
        return;
      }
      const { status = 200, body } = answers[url] ?? { status: 404, body: '404 page not found' };
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    const own = new LocalServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return own;
  }

  get root(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get baseURL(): string {
    return `${this.root}/v1`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
