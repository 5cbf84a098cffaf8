import type { AskedSize } from './config.ts';
import { isRecord } from './plain-data.ts';
import type { Path } from './problem.ts';
import { askedSize } from './schema/models.ts';

/** A context window that a server is to be asked for. */
export interface AskedAt extends AskedSize {
  readonly path: Path;
  /** The id of the model: of one that is declared, or that a member refers to. */
  readonly id: string;
  /** Puts a size in its place. */
  replace(size: AskedSize['otherwise']): void;
}

/** The context windows of a gateway's data that servers are to be asked for; what is wrong with others, the schema says. */
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
    } else if (key !== 'when') yield* askedSizes(value, at); // names in metadata are the application's
  }
}
