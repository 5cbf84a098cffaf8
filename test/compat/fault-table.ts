import { deadlines } from './fault-behaviours.ts';
import { compositions, faults } from './fault-cases.ts';
import { modes, type Mode } from './run.ts';

const columns = {
  alone: '`cascade([A])`',
  fallback: '`cascade([A, B])`',
  retries: '`cascade({ retries: 1, steps: [A, B] })`',
  buffer: "`cascade({ afterContent: 'buffer', steps: [A, B] })`",
};

const introduction = `# What happens on each failure

Model A fails, and model B works. The tables say what a caller of \`generateText\` and of \`streamText\` gets: with A
alone, with B as a fallback, with a retry, and with buffered answers. Both models are the real \`@ai-sdk/openai\`. They talk to a
server on the same machine, which does what the first column says over real connections. The outcome is the same with
versions 4, 5, 6 and 7 of the AI SDK, unless a cell says otherwise.

- **A answers**, **B answers**: the caller gets that model's whole answer, and no error.
- **error**: the caller gets an error of this kind, as \`failureOf\` from \`ai-alloy\` names it, and no text.
- **half of A, then error**: the caller has begun to read A's answer when it breaks off. No other model can take over
  then. The stream ends with an \`error\` part, and a \`finish\` part with the reason \`error\`.
- **after 1 retry**: A was asked twice.
- **beside an error part**: the stream has an error part about a chunk that was no part of the answer, and goes on after
  it.
- **–**: this can't happen without streaming.

\`acceptAnswer\` is asked about complete answers, so it can reject a stream only if that is buffered.

The timeouts here are short, so that the test is fast: \`firstContentMs\` ${deadlines.firstContentMs}, \`idleMs\` ${deadlines.idleMs},
\`totalMs\` ${deadlines.totalMs} and \`deadlineMs\` ${deadlines.deadlineMs}. The SDK's own retries are off: \`maxRetries: 0\`.

A test writes this page from what it sees, and fails when it sees something else. To write it again:

\`\`\`sh
npm run build
npx vitest run --project compat test/compat/faults.test.ts -u
\`\`\`
`;

/** The page of the documentation. @param outcomeOf what was seen of a fault, in a column */
export function pageOf(outcomeOf: (fault: string, mode: Mode, column: string) => string): string {
  const tables = modes.map((mode) => {
    const names = compositions[mode];
    const rows = Object.entries(faults).map(([name, fault]) => [
      name,
      ...names.map((column) => (fault[mode] ? outcomeOf(name, mode, column) : '–')),
    ]);
    const lines = [['What A does', ...names.map((name) => columns[name])], names.map(() => '---'), ...rows];
    lines[1]!.push('---');
    return `\n## \`${mode}Text\`\n\n${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;
  });
  return introduction + tables.join('');
}
