// Everything that the soak counts, made wrong on purpose, to show that the counts find it.
import { connect } from 'node:net';
import { callNumber } from './ledger.mjs';

const held = [];

/** Makes a call leave something of each kind behind; what takes longer, every 50th call. */
export function plantLeaks({ ledger, shared, port }) {
  return ({ n }) => {
    held.push(Buffer.alloc(50_000, `leak ${n} `).toString('latin1'));
    shared.addEventListener('abort', () => held.push(n));
    setTimeout(() => held.push(n), 3_600_000).unref();
    ledger.opens(`a planted leak of call ${n}`);
    ledger.waits(`a planted leak of call ${n}`);
    const prompt = [];
    ledger.watchPrompt(prompt);
    held.push(prompt);
    if (n % 2 === 0) ledger.asked(n);
    else ledger.hear({ candidates: [{ demand: { estimator: callNumber.id, input: n } }] });
    if (n % 50 > 0) return;
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n');
    held.push(socket);
    Promise.reject(new Error('planted'));
    process.emitWarning('planted');
    ledger.isWrong('planted');
  };
}
