// A Next.js route handler (app/api/chat/route.ts), called as `useChat` would.
import { realText } from '../support/real-text.ts';
import { POST } from './app/api/chat/route.ts';
import { close } from './lib/models.ts';

const long = realText('ai/CHANGELOG.md');

for (const text of ['Hello!', long + long]) {
  console.log(`POST /api/chat with a message of ${text.length.toLocaleString('en')} characters`);
  const messages = [{ id: '1', role: 'user', parts: [{ type: 'text', text }] }];
  const response = await POST(
    new Request('http://localhost:3000/api/chat', { method: 'POST', body: JSON.stringify({ messages }) }),
  );
  console.log(await response.text());
}

await close();
