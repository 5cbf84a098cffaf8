import { isRecord } from './plain-data.ts';

/** The parts of calciforge's configuration that are not about models. */
const otherParts: ReadonlySet<string> = new Set([
  'calciforge',
  'identities',
  'agents',
  'routing',
  'channels',
  'permissions',
  'memory',
  'context',
  'security',
  'subagents',
  'local_models',
]);

/**
 * A file of calciforge, which its `[calciforge]` table tells, without the parts that are not about models, so that one
 * file serves both programs. Of `[proxy]`, only `token_estimator` is kept. Any other data is returned as it is.
 */
export function withoutOtherParts(data: unknown): unknown {
  if (!isRecord(data) || !isRecord(data['calciforge'])) return data;
  const { proxy, ...rest } = data;
  const parts = Object.entries(rest).filter(([name]) => !otherParts.has(name));
  if (!isRecord(proxy)) return { ...Object.fromEntries(parts), ...(proxy !== undefined && { proxy }) };
  const kept = Object.entries(proxy).filter(([name]) => name === 'token_estimator');
  return { ...Object.fromEntries(parts), proxy: Object.fromEntries(kept) };
}
