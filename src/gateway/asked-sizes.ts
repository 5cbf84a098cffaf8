import type { AskedSize } from './config.ts';
import { isRecord } from './plain-data.ts';
import type { Path } from './problem.ts';
import { askedSize } from './schema/models.ts';

/** A context window that has to be read from a server. */
export interface AskedAt extends AskedSize {
  readonly path: Path;
  /** The id of the model that has it: of a declared model, or of a member's model. */
  readonly id: string;
  /** Replaces it by a size. */
  replace(size: AskedSize['otherwise']): void;
}

/** The context windows in a gateway's data that have to be read from servers. Invalid ones are left for the schema to report. */
export function* askedSizes(data: unknown, path: Path = []): Generator<AskedAt> {
  if (Array.isArray(data)) {
    for (const [index, each] of data.entries()) yield* askedSizes(each, [...path, index]);
  }
  if (!isRecord(data)) return;
  for (const [key, value] of Object.entries(data)) {
    const at = [...path, key];
    const asked =
      key === 'contextWindow' || key === 'context_window' ? askedSize.safeParse(value).data : undefined;
    if (asked) {
      const id = String(data['model'] ?? data['id'] ?? '');
      yield { ...asked, path: at, id, replace: (size) => void (data[key] = size) };
    } else if (key !== 'when') yield* askedSizes(value, at); // keys in metadata are names of the application
  }
}
