import type { GenerateResult, StreamPart } from './model.ts';

/**
 * Whether a part, or an answer, is content that the user sees. `content`: text, arguments of a tool call, a file, a
 * source. `sign`: content may follow, but isn't there yet: reasoning, or the name of a tool call.
 */
export type Shown = 'nothing' | 'sign' | 'content';

/** Whether a stream's part is content. Unknown types of parts are not. */
export function shownBy(part: StreamPart): Shown {
  const { type } = part;
  switch (type) {
    case 'text-delta':
      return (part['delta'] ?? part['textDelta']) === '' ? 'nothing' : 'content';
    case 'tool-input-delta':
    case 'tool-call-delta': // V1
      return (part['delta'] ?? part['argsTextDelta']) === '' ? 'sign' : 'content';
    case 'tool-call':
    case 'tool-result':
    case 'tool-approval-request':
    case 'file':
    case 'source':
      return 'content';
    case 'reasoning': // V1
    case 'reasoning-delta':
      return thoughtIn(part) === '' ? 'nothing' : 'sign';
    case 'redacted-reasoning': // V1
    case 'reasoning-file':
    case 'tool-input-start':
      return 'sign';
    default:
      return 'nothing';
  }
}

/** The reasoning text in a part. */
export function thoughtIn({ type, delta, textDelta }: StreamPart): string {
  return type.startsWith('reasoning') ? String(delta ?? textDelta ?? '') : '';
}

/** Whether a generated result has content: in V1 in several fields, in V2 to V4 in `content`. */
export function shownIn(result: Partial<GenerateResult> | null | undefined): Shown {
  const { content, text, reasoning, files, toolCalls, sources } = result ?? {};
  if (!Array.isArray(content)) {
    if ([text, files, toolCalls, sources].flat().some(Boolean)) return 'content';
    return [reasoning].flat().some(Boolean) ? 'sign' : 'nothing';
  }
  let isSign = false;
  for (const part of content as readonly StreamPart[]) {
    const shown = shownByContent(part);
    if (shown === 'content') return shown;
    isSign ||= shown === 'sign';
  }
  return isSign ? 'sign' : 'nothing';
}

function shownByContent({ type, text }: StreamPart): Shown {
  if (type === 'text') return text === '' ? 'nothing' : 'content';
  if (type.startsWith('reasoning')) return text === '' ? 'nothing' : 'sign';
  return type === 'custom' ? 'nothing' : 'content';
}
