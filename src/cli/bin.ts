import { firstLineOf, printError } from './outcome.ts';

const args = process.argv.slice(2);
// What ai says of old parts in a request is not about the gateway.
process.noDeprecation = true;
// Nor is what a gateway warns of: the commands say that themselves.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
// Imports on demand, so that what is missing is said in a line: a failing import up here would print a stack trace.
try {
  const { run } = await import('./run.ts');
  process.exitCode = await run(args);
} catch (error) {
  const isMissing = Object(error).code === 'ERR_MODULE_NOT_FOUND';
  const message = `${firstLineOf(error)}${isMissing ? ': npm install ai' : ''}`;
  process.exitCode = printError(args, message, `ai-alloy: ${message}\n`);
}
