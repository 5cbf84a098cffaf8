// Serves the built site as a host of static files does: compressed by gzip, on 127.0.0.1.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';

const folder = fileURLToPath(new URL('../.vitepress/dist/', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** @returns the server's URL, a function that ends it, and how many bytes it `sent` of each path, compressed */
export async function serve() {
  const sent = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const path = join(folder, normalize(decodeURIComponent(pathname)));
    const file = [path, `${path}.html`, join(path, 'index.html')].find(
      (each) => each.startsWith(folder) && existsSync(each) && statSync(each).isFile(),
    );
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' });
    const compressed = createReadStream(file).pipe(createGzip({ level: 9 }));
    compressed.on('data', ({ length }) => sent.set(pathname, (sent.get(pathname) ?? 0) + length));
    compressed.pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, sent, end: () => server.close() };
}
