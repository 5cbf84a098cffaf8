import { assertKnownOptions, check, foundInstead, isObject } from '../errors/errors.ts';
import { at, placeOf } from '../errors/place.ts';
import { replaceableGateway } from '../gateway/replaceable.ts';
import type { ModelGateway } from '../gateway/index.ts';
import { checkOptions } from '../options/check-options.ts';
import { milliseconds, type OptionTable } from '../options/kinds.ts';
import { warn } from '../warn.ts';
import { poll, stampOf } from './poll-file.ts';
import { absolutePath } from './read-text.ts';

/** How to watch a gateway's file. */
export interface WatchOptions {
  /** How many milliseconds to wait between two looks at the file. @default 1000 */
  readonly intervalMs?: number | undefined;
  /**
   * Called after each reload, and for each change that could not be loaded. What it throws is ignored.
   * @default a change that could not be loaded is a warning of the AI SDK's, by default on the console
   */
  readonly onReload?: ((reload: GatewayReload) => void) | undefined;
}

/** What came of a change of a gateway's file. */
export interface GatewayReload {
  /** Why the file could not be loaded: the gateway is as it was. Undefined if it was loaded. */
  readonly error?: unknown;
  /** The ids that the gateway has now. */
  readonly ids: readonly string[];
  /** The ids that it had before, and doesn't have any more: calls on their models fail with a NoSuchModelError. */
  readonly removed: readonly string[];
}

const watchOptions: OptionTable = {
  intervalMs: milliseconds,
  onReload: { type: 'function', remedy: 'pass a function' },
};

/** The options for watching; undefined if the file is not to be watched. */
export function parseWatch(watch: unknown, isFile: boolean): WatchOptions | undefined {
  if (watch === undefined || watch === false) return undefined;
  const place = at(placeOf('loadModelGateway: '), 'watch');
  check(
    watch === true || isObject(watch),
    place,
    foundInstead(watch),
    'use true, false, or { intervalMs, onReload }',
  );
  check(isFile, place, foundInstead(watch), 'a text does not change: pass the path of a file');
  const options = watch === true ? {} : watch;
  assertKnownOptions(place, options, Object.keys(watchOptions));
  checkOptions(place, options, watchOptions);
  return options;
}

/** A watched file. */
export interface Watched extends WatchOptions {
  readonly name: string;
  readonly file: string | URL;
  load(file: string | URL): Promise<ModelGateway>;
}

/** A gateway that is loaded now, and again whenever its file changes, and a function that ends this. */
export async function watchGateway({ name, file, load, intervalMs = 1000, onReload }: Watched): Promise<{
  readonly gateway: ModelGateway;
  close(): void;
}> {
  const stamp = await stampOf(file); // before it is read, so that a change meanwhile is found
  let gateway = await load(file); // throws where there are no files
  const path = await absolutePath(file); // it stays the same if the working directory changes
  let isClosed = false;
  const tell = (reload: GatewayReload): void => {
    if (onReload) return notify(() => onReload(reload));
    if (reload.error !== undefined)
      warn(name, `${name} has changed, but the gateway is as it was: ${reload.error}`);
  };
  const changed = async (): Promise<void> => {
    const before = gateway.ids;
    try {
      const loaded = await load(path);
      if (isClosed) return;
      gateway = loaded;
      const { ids } = loaded;
      tell({ ids, removed: before.filter((id) => !ids.includes(id)) });
    } catch (error) {
      if (!isClosed) tell({ error, ids: before, removed: [] });
    }
  };
  const stop = poll({ intervalMs, stamp, stampNow: () => stampOf(path), changed });
  return {
    gateway: replaceableGateway(() => gateway),
    close() {
      isClosed = true;
      stop();
    },
  };
}

/** A listener that throws, or whose promise rejects, must not end the watching. */
function notify(listener: () => unknown): void {
  new Promise((resolve) => resolve(listener())).catch(() => {});
}
