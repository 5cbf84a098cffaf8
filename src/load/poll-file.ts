import { importAtRunTime } from '../import-at-run-time.ts';

/** The used part of `node:fs/promises`; see `read-text.ts`. */
interface FileSystem {
  stat(file: string | URL, options: { readonly bigint: true }): Promise<Readonly<Record<string, unknown>>>;
}

/** What tells one state of a file from another, also if it was replaced or a link to it leads elsewhere. Never rejects. */
export async function stampOf(file: string | URL): Promise<string> {
  try {
    const { stat } = await importAtRunTime<FileSystem>('node:fs/promises');
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch (error) {
    return String((error as { readonly code?: unknown }).code);
  }
}

/** A file, or anything else with states, to look at again and again. */
export interface Polled {
  readonly intervalMs: number;
  /** The state that is known already. */
  readonly stamp: string;
  stampNow(): Promise<string>;
  /** Called for a new state that was found twice in a row, so that a file that is being written isn't read. */
  changed(): Promise<void>;
}

/**
 * Looks at a file every `intervalMs`, one look after the other, until the returned function is called. The timer doesn't
 * keep the process alive.
 */
export function poll({ intervalMs, stamp, stampNow, changed }: Polled): () => void {
  let known = stamp;
  let last = stamp;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const look = async (): Promise<void> => {
    const now = await stampNow();
    if (isClosed) return;
    if (now !== known && now === last) {
      known = now; // as of before it is read, so that a change meanwhile is found by the next look
      await changed();
    }
    last = now;
    wait();
  };
  const wait = (): void => {
    if (isClosed) return;
    timer = setTimeout(() => void look(), intervalMs);
    (timer as { unref?: () => void }).unref?.();
  };
  wait();
  return () => {
    isClosed = true;
    clearTimeout(timer);
  };
}
