// A chat in Next.js that shows which model answered and why: open it in your browser. Ends with Ctrl+C.
import { install, start } from './start.ts';

console.log('Installing and building; the first time, this takes a minute.');
install();
const { url, close } = await start({ port: Number(process.env['PORT'] ?? 3000) });
console.log(`\nOpen ${url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close());
