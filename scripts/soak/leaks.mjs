// One leak of each kind per call, to show that the counts find them.
import { connect } from 'node:net';

const held = [];

export function plantLeaks({ ledger, shared, port }) {
  return ({ n }) => {
    held.push(`${n}`.padEnd(50_000, 'leak '));
    shared.addEventListener('abort', () => held.push(n));
    setTimeout(() => held.push(n), 3_600_000).unref();
    if (n % 50 === 0) held.push(connect(port, '127.0.0.1'));
    ledger.opens(`a planted leak of call ${n}`);
    ledger.waits(`a planted leak of call ${n}`);
    const prompt = [];
    ledger.watchPrompt(prompt);
    held.push(prompt);
    if (n % 50 === 0) Promise.reject(new Error('planted'));
  };
}
