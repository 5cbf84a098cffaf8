import { isToolUIPart, getToolName } from 'ai';
import type { ShownModel } from '../lib/gateway.ts';
import type { ChatMessage } from '../lib/request.ts';
import { Badge } from './badge.tsx';

interface Props {
  readonly message: ChatMessage;
  readonly models: readonly ShownModel[];
  readonly isRunning: boolean;
}

/** Longer messages are folded. */
const foldedAt = 1200;

export function Message({ message, models, isRunning }: Props) {
  const isUser = message.role === 'user';
  const steps = message.metadata?.steps ?? [];
  return (
    <article
      className={isUser ? 'message user' : 'message'}
      aria-label={isUser ? 'You' : 'Answer'}
      aria-busy={isRunning}
    >
      {message.parts.map((part, index) => {
        if (part.type === 'text') return <Text key={index} text={part.text} />;
        if (part.type === 'file' && part.mediaType.startsWith('image/')) {
          return (
            <img
              key={index}
              className="picture"
              src={part.url}
              alt={part.filename ?? 'The image that you sent'}
            />
          );
        }
        if (isToolUIPart(part)) {
          return (
            <p key={index} className="tool">
              <span aria-hidden="true">⚙</span> {getToolName(part)}({JSON.stringify(part.input)})
              {part.state === 'output-available' && <b> → {String(part.output)}</b>}
            </p>
          );
        }
        return null;
      })}
      {!isUser && steps.length > 0 && <Badge steps={steps} models={models} />}
      {!isUser && !isRunning && steps.length === 0 && <p className="stopped">Stopped before the end.</p>}
    </article>
  );
}

function Text({ text }: { readonly text: string }) {
  if (text.length <= foldedAt) return <p className="text">{text}</p>;
  return (
    <details className="folded">
      <summary>
        <span className="text">{text.slice(0, 280)}…</span>
        <span className="more">All {text.length.toLocaleString('en')} characters</span>
      </summary>
      <p className="text">{text}</p>
    </details>
  );
}
