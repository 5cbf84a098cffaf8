import type { FileUIPart } from 'ai';
import { useRef, type KeyboardEvent } from 'react';

/** A message that is being written. */
export interface Draft {
  readonly text: string;
  readonly files: readonly FileUIPart[];
}

export const emptyDraft: Draft = { text: '', files: [] };

interface Props {
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  readonly send: (draft: Draft) => void;
  readonly stop: () => unknown;
  readonly isBusy: boolean;
}

/** The box for a message. Enter sends, Shift+Enter begins a line, Escape stops an answer. */
export function Composer({ draft, setDraft, send, stop, isBusy }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  const isEmpty = draft.text.trim() === '' && draft.files.length === 0;
  const submit = () => {
    if (!isEmpty && !isBusy) send(draft);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
    if (event.key === 'Escape' && isBusy) stop();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {draft.files.map(({ url, filename = 'image' }, index) => (
        <div key={index} className="attached">
          <img src={url} alt={filename} />
          <button
            type="button"
            className="quiet"
            aria-label={`Remove ${filename}`}
            onClick={() => setDraft({ ...draft, files: draft.files.filter((_, place) => place !== index) })}
          >
            ✕
          </button>
        </div>
      ))}
      <div className="row">
        <button
          type="button"
          className="quiet icon"
          aria-label="Add an image"
          onClick={() => chooser.current?.click()}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4" />
            <circle cx="9" cy="9" r="1.2" />
          </svg>
        </button>
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          hidden
          aria-hidden="true"
          tabIndex={-1}
          onChange={async ({ target }) => {
            const files = await Promise.all(Array.from(target.files ?? [], asPart));
            setDraft({ ...draft, files: [...draft.files, ...files] });
            target.value = '';
          }}
        />
        <textarea
          id="prompt"
          aria-label="Message"
          placeholder="Write a message"
          rows={1}
          value={draft.text}
          onChange={({ target }) => setDraft({ ...draft, text: target.value })}
          onKeyDown={onKeyDown}
        />
        {isBusy ? (
          <button type="button" className="send" onClick={() => stop()} aria-label="Stop the answer">
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <rect x="7" y="7" width="10" height="10" rx="1.5" fill="currentColor" />
            </svg>
          </button>
        ) : (
          <button type="submit" className="send" disabled={isEmpty} aria-label="Send">
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 19V5M6 11l6-6 6 6" />
            </svg>
          </button>
        )}
      </div>
    </form>
  );
}

function asPart(file: File): Promise<FileUIPart> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () =>
      resolve({ type: 'file', mediaType: file.type, filename: file.name, url: String(reader.result) }),
    );
    reader.addEventListener('error', () => reject(reader.error ?? new Error(`${file.name} can't be read`)));
    reader.readAsDataURL(file);
  });
}
