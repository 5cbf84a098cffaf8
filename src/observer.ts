import type { Attempt, Decision } from './decision.ts';
import { inVersion } from './in-process.ts';
import type { PrimitiveKind } from './primitive-kinds.ts';

/** Is told of calls on primitives while they go on; none of its functions may throw. `ai-alloy/otel` is one. */
export interface Observer {
  callStarted(call: ObservedCall): CallObserver;
}

/** A call on a primitive. */
export interface ObservedCall {
  readonly router: { readonly id: string; readonly planner: { readonly kind: PrimitiveKind } };
  readonly streams: boolean;
}

/** Is told of one call on a primitive. */
export interface CallObserver {
  /** Calls `work`, which plans the call and tries members, exactly once. */
  run<Result>(work: () => Result): Result;
  attemptStarted(member: ObservedMember, waitedMs: number | undefined): AttemptObserver;
  /** The attempt that ended last has put its member on cooldown for so many milliseconds. */
  cooldownStarted(ms: number): void;
  /** The call has ended: of a stream, with the stream. The decision is not shortened. */
  ended(decision: Decision, error: unknown): void;
}

/** The member of an attempt. */
export interface ObservedMember {
  readonly id: string;
  /** `provider/modelId`, a string id, or the id of a nested primitive. */
  readonly model: string;
  /** Undefined as long as a string id is not resolved. */
  readonly resolved:
    | {
        readonly model: { readonly provider: string; readonly modelId: string };
        readonly router?: object | undefined;
      }
    | undefined;
}

/** Is told of one attempt, and, if the member is a nested primitive, of the calls on that primitive. */
export interface AttemptObserver extends Observer {
  /** Calls `work`, which calls the model, exactly once. */
  run<Result>(work: () => Result): Result;
  /** The member has begun to answer: a stream with content, a generated result as a whole. */
  begun(answer: ObservedAnswer): void;
  /** The attempt has ended: of a stream that has begun, with the stream. */
  ended(attempt: Attempt): void;
}

/** What is there of an answer once the member has begun it. */
export interface ObservedAnswer {
  readonly result: { readonly response?: unknown };
  /** The first parts of a stream. */
  readonly preamble?: readonly { readonly type: string; readonly [field: string]: unknown }[];
}

/** Where the observer is, if there is one; shared by the copies of this version. */
export const observing: { observer?: Observer | undefined } = /* @__PURE__ */ inVersion(
  'observer',
  () => ({}),
);
