import { nativeVersion } from './sdk/native.ts';

type Logger = (said: unknown) => void;

/**
 * Warns of what is allowed, and hardly meant: as the installed AI SDK does, to the function in
 * `globalThis.AI_SDK_LOG_WARNINGS` if there is one, not at all if that is false, else on the console.
 */
export function warn(primitive: string, message: string): void {
  const { AI_SDK_LOG_WARNINGS: logger } = globalThis as { AI_SDK_LOG_WARNINGS?: Logger | boolean };
  if (logger === false) return;
  if (typeof logger !== 'function') return console.warn(`ai-alloy: ${message}`);
  const warnings = [{ type: 'other', message: `ai-alloy: ${message}` }];
  // ai 5 hands over the list alone.
  logger(nativeVersion() === 'v2' ? warnings : { warnings, provider: 'ai-alloy', model: primitive });
}
