// Imports on demand, so that what is missing is said in a line: a failing import up here would print a stack trace.
try {
  const { run } = await import('./run.ts');
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { code, message } = Object(error) as { code?: string; message?: string };
  const isMissing = code === 'ERR_MODULE_NOT_FOUND';
  const [first] = String(message ?? error).split('\n');
  process.stderr.write(`ai-alloy: ${first}${isMissing ? ': npm install ai' : ''}\n`);
  process.exitCode = 2;
}
