// One leak of each kind per call, to show that the counts find them.
import { connect } from 'node:net';

const held = [];

export function plantLeaks({ ledger, shared, port }) {
  return ({ n }) => {
    held.push(Buffer.alloc(50_000, `leak ${n} `).toString('latin1'));
    shared.addEventListener('abort', () => held.push(n));
    setTimeout(() => held.push(n), 3_600_000).unref();
    if (n % 50 === 0) {
      const socket = connect(port, '127.0.0.1');
      socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n');
      held.push(socket);
    }
    ledger.opens(`a planted leak of call ${n}`);
    ledger.waits(`a planted leak of call ${n}`);
    const prompt = [];
    ledger.watchPrompt(prompt);
    held.push(prompt);
    if (n % 50 === 0) Promise.reject(new Error('planted'));
  };
}
