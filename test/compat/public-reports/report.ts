import { readFileSync } from 'node:fs';
import type { FailureKind } from '../../../src/index.ts';
import type { Mode } from '../run.ts';

/** The provider package behind a member; `parts`: a model that emits the parts of its script. */
export type Provider = 'chat' | 'responses' | 'anthropic' | 'google' | 'compatible' | 'parts';

/** What a member's server does; see `report-server.ts`. */
export interface Script {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly gzip?: boolean;
  readonly cut?: number;
  readonly sse?: readonly Event[];
  readonly end?: 'destroy' | 'hang';
  readonly generate?: Script;
  readonly stream?: Script;
  readonly nth?: readonly Script[];
  readonly healthy?: string;
  readonly check?: { readonly toolIds?: string; readonly unique?: boolean; readonly paired?: boolean };
  readonly otherwise?: Script;
  readonly fetch?: {
    readonly error: ThrownError;
    readonly breaksAfter?: string;
    readonly contentType?: string;
  };
  readonly parts?: readonly { readonly type: string }[];
  readonly firstRead?: { readonly statusCode: number; readonly message: string };
}

/** An event of a stream: an object or text as data, `{ raw }` as it is, `{ send, every, times }` again and again. */
export type Event =
  | string
  | { readonly raw: string }
  | { readonly send: Event; readonly every: number; readonly times: number }
  | Readonly<Record<string, unknown>>;

export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly cause?: ThrownError;
}

export interface Member {
  readonly id: string;
  readonly provider?: Provider;
  /** What its server calls the model. @default its id */
  readonly modelId?: string;
  readonly contextWindow?: number;
  readonly script?: Script;
}

export interface Expected {
  readonly outcome?: string;
  readonly text?: string;
  readonly finish?: string;
  readonly mayError?: boolean;
  readonly kind?: FailureKind | readonly FailureKind[];
  readonly notKind?: FailureKind;
  readonly asked?: number;
  readonly neverAsked?: readonly string[];
  readonly toolRuns?: number;
  readonly learned?: number | null;
  readonly retryAfterMs?: readonly [least: number, most: number];
  readonly errorName?: string;
  readonly errorMentions?: string;
  readonly warns?: boolean;
  readonly second?: { readonly least: number };
  /** One of these instead. */
  readonly anyOf?: readonly Expected[];
}

/** A way in which a provider, a proxy or a network failed in practice, from a public report. */
export interface Report {
  readonly id: string;
  readonly title: string;
  readonly modes: readonly Mode[];
  /** Of member A. */
  readonly provider: Provider;
  readonly script: Script;
  readonly contextWindow?: number;
  readonly others?: readonly Member[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly call?: CallOptions;
  readonly calls?: number;
  readonly expect: Expected;
  /** By mode: the versions of `ai` whose provider packages pass on what matters; all, if it isn't said. */
  readonly majors?: Readonly<Partial<Record<Mode, readonly number[]>>>;
  /** Those whose provider packages pass on that something is wrong, but not what: only the outcome is expected there. */
  readonly kindUnseenBy?: readonly number[];
}

export interface CallOptions {
  readonly prompt?: string | { readonly repeat: string; readonly times: number };
  readonly messages?: 'tool-result';
  readonly image?: boolean;
  readonly followUp?: string;
  readonly tools?: boolean;
  readonly steps?: number;
  readonly maxOutputTokens?: number;
  readonly providerOptions?: object;
}

/** Deadlines and the gaps between events are this many times longer here, so that a busy machine can keep them. */
const slower = 4;
const times = new Set(['every', 'firstContentMs', 'idleMs', 'totalMs']);

/** The reports of a group, with times made absolute: `{{nowMs+1000}}` is that long after now. */
export function reportsIn(group: string): Report[] {
  const text = readFileSync(new URL(`${group}.json`, import.meta.url), 'utf8');
  return JSON.parse(text, (name, value: unknown) => {
    return times.has(name) && typeof value === 'number' ? value * slower : value;
  });
}

/** The script with `{{nowMs+1000}}` and `{{nowS+60}}` as numbers: milliseconds and seconds since the epoch. */
export function timed(script: Script): Script {
  const now = Date.now();
  const text = JSON.stringify(script).replaceAll(/\{\{now(Ms|S)\+(\d+)\}\}/g, (_, unit, after) =>
    String(Math.floor(unit === 'Ms' ? now : now / 1000) + Number(after)),
  );
  return JSON.parse(text);
}
