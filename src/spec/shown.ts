import type { GenerateResult, StreamPart } from './model.ts';

/**
 * What a part, or an answer, shows. A `sign` of what is to come is no content yet: thoughts, and a tool call that has
 * only been named.
 */
export type Shown = 'nothing' | 'sign' | 'content';

/** What a stream's part shows: parts of types that are not known here show nothing. */
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

/** The thoughts in a part. */
export function thoughtIn({ type, delta, textDelta }: StreamPart): string {
  return type.startsWith('reasoning') ? String(delta ?? textDelta ?? '') : '';
}

/** What a generated result shows: V1 spreads its answer over fields, V2 to V4 have `content`. */
export function shownIn(result: Partial<GenerateResult> | null | undefined): Shown {
  const { content, text, reasoning, files, toolCalls, sources } = result ?? {};
  if (!Array.isArray(content)) {
    if ([text, files, toolCalls, sources].flat().some(Boolean)) return 'content';
    return [reasoning].flat().some(Boolean) ? 'sign' : 'nothing';
  }
  const shown = content.map((part: StreamPart) => shownByContent(part));
  return shown.includes('content') ? 'content' : shown.includes('sign') ? 'sign' : 'nothing';
}

function shownByContent({ type, text }: StreamPart): Shown {
  if (type === 'text') return text === '' ? 'nothing' : 'content';
  if (type.startsWith('reasoning')) return text === '' ? 'nothing' : 'sign';
  return type === 'custom' ? 'nothing' : 'content';
}
