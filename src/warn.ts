import { nativeVersion } from './sdk/native.ts';

type Logger = (said: unknown) => void;

/**
 * Warns of a configuration that is allowed but probably not intended, the way the installed AI SDK warns: through the
 * function in `globalThis.AI_SDK_LOG_WARNINGS` if there is one, not at all if that is false, else on the console.
 */
export function warn(primitive: string, message: string): void {
  const { AI_SDK_LOG_WARNINGS: logger } = globalThis as { AI_SDK_LOG_WARNINGS?: Logger | boolean };
  if (logger === false) return;
  if (typeof logger !== 'function') return console.warn(`ai-alloy: ${message}`);
  const warnings = [{ type: 'other', message: `ai-alloy: ${message}` }];
  // ai 5 passes only the list of warnings.
  logger(nativeVersion() === 'v2' ? warnings : { warnings, provider: 'ai-alloy', model: primitive });
}
