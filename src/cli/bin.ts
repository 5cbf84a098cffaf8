#!/usr/bin/env node
import { firstLineOf } from '../inspect/clean.ts';
import { printError } from './outcome.ts';

const args = process.argv.slice(2);
// Warnings of `ai` about deprecated parts of a request have nothing to do with the gateway.
process.noDeprecation = true;
// Warnings of a gateway are printed by the commands themselves.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
// Imports here, not at the top: if a package is missing, one line says so, instead of a stack trace.
try {
  const { run } = await import('./run.ts');
  process.exitCode = await run(args);
} catch (error) {
  const isMissing = Object(error).code === 'ERR_MODULE_NOT_FOUND';
  const message = `${firstLineOf(error)}${isMissing ? ': npm install ai' : ''}`;
  process.exitCode = printError(args, message, `ai-alloy: ${message}\n`);
}
