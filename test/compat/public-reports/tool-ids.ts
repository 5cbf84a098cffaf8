import type { Script } from './report.ts';

interface Ids {
  readonly calls: string[];
  readonly results: string[];
}

/** Whether the tool ids in a request of chat completions or of Claude's API are as a server wants them. */
export function passes({ toolIds, unique, paired }: NonNullable<Script['check']>, body: object): boolean {
  const ids: Ids = { calls: [], results: [] };
  JSON.stringify(body, (_, value: unknown) => {
    collect(ids, Object(value));
    return value;
  });
  const { calls, results } = ids;
  if (toolIds && ![...calls, ...results].every((id) => new RegExp(toolIds).test(id))) return false;
  if (unique && new Set(calls).size < calls.length) return false;
  return calls.length > 0 && (!paired || results.every((id) => calls.includes(id)));
}

function collect({ calls, results }: Ids, value: Readonly<Record<string, unknown>>): void {
  const { id, type, tool_use_id: result, tool_call_id: chatResult } = value;
  if (type === 'tool_use' || type === 'function') if (typeof id === 'string') calls.push(id);
  for (const each of [result, chatResult]) if (typeof each === 'string') results.push(each);
}
