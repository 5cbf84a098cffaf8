import type { Draft } from './composer.tsx';
import { documentOf, pictureOf } from './samples.ts';

interface Props {
  readonly choose: (draft: Draft) => void;
  readonly send: (draft: Draft) => void;
}

const asText = (text: string): Draft => ({ text, files: [] });

/** What to try, while the conversation is empty. */
export function Suggestions({ choose, send }: Props) {
  return (
    <div className="start">
      <h2>Which model will answer?</h2>
      <p>
        Small things go to the small model, larger ones to the next that holds them. Each answer says who gave
        it, whom it passed over and why, and what it cost.
      </p>
      <ul>
        <li>
          <button type="button" onClick={() => send(asText('Hello!'))}>
            <b>Say hello</b> the smallest model answers
          </button>
        </li>
        <li>
          <button type="button" onClick={() => send(asText('What’s the weather in Lisbon and in Oslo?'))}>
            <b>Use a tool</b> the weather in two cities
          </button>
        </li>
        <li>
          <button type="button" onClick={() => send(asText('Tell me a long story.'))}>
            <b>A long story</b> to stop in the middle
          </button>
        </li>
        <li>
          <button type="button" onClick={() => choose(asText(documentOf(20_000)))}>
            <b>Paste a report</b> too large for Small
          </button>
        </li>
        <li>
          <button type="button" onClick={() => choose(asText(documentOf(300_000)))}>
            <b>Paste a book</b> too large for everyone
          </button>
        </li>
        <li>
          <button
            type="button"
            onClick={() => choose({ text: 'What is in this picture?', files: [pictureOf()] })}
          >
            <b>Add a picture</b> goes to Vision, by a rule
          </button>
        </li>
      </ul>
    </div>
  );
}
