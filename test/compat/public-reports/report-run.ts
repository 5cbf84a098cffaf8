import type { Decision, Failure } from '../../../src/index.ts';
import type { Installation } from '../installations.ts';
import { optionsOf, toolOf, type Mode, type Request } from '../run.ts';
import { modelOf } from './report-models.ts';
import type { CallOptions, Member, Report } from './report.ts';
import type { Stage } from './report-server.ts';

/** What is seen of a report's calls from all sides: of the last one, where there are several. */
export interface Seen {
  readonly text: string;
  readonly finishReason: string | undefined;
  /** Thrown, or as parts, in the order in which they came. */
  readonly errors: readonly unknown[];
  /** What `failureOf` makes of them; at once, since waits are from then on. */
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
  readonly toolRuns: number;
  /** The members that were asked, request by request. */
  readonly asked: readonly string[];
  /** The decisions of all calls. */
  readonly decisions: readonly Decision[];
  /** A's limit that was learned. */
  readonly learned: number | null;
}

/** Makes the cascade of a report, calls it as often as the report says, and asks what it has learned. */
export async function runReport(
  installation: Installation,
  mode: Mode,
  {
    provider,
    script,
    contextWindow = 2_000_000,
    others = [{ id: 'B' }],
    options = {},
    call = {},
    calls = 1,
  }: Report,
  stageOf: (members: readonly Member[]) => Stage,
): Promise<Seen> {
  const { aiAlloy } = installation;
  const members: Member[] = [
    { id: 'A', provider, script, contextWindow },
    ...others.map((other) => ({ contextWindow: 4_000_000, ...other })),
  ];
  const stage = stageOf(members);
  const decisions: Decision[] = [];
  const model = aiAlloy.cascade({
    ...options,
    ...fallThroughOn(installation, options['fallThroughOn']),
    onDecision: (decision) => decisions.push(decision),
    steps: members.map((member) => ({
      id: member.id,
      model: modelOf(installation, member, stage),
      contextWindow: member.contextWindow!,
    })),
  });
  let toolRuns = 0;
  const request = { model, ...requestOf(installation, call, () => toolRuns++) };
  const turns = [...Array.from({ length: calls }, () => request), ...followUp(request, call)];
  let answer: Answer | undefined;
  for (const turn of turns) answer = await (mode === 'generate' ? generated : streamed)(installation, turn);
  const { candidates } = await aiAlloy.explain(model, { prompt: 'hi' });
  return {
    ...answer!,
    toolRuns,
    asked: stage.asked,
    decisions,
    learned: candidates[0]!.learnedCeiling ?? null,
  };
}

/** The option in code: JSON has no predicates, and names the default kinds by `...default`. */
function fallThroughOn({ aiAlloy }: Installation, option: unknown): object {
  if (option === undefined) return {};
  if (!Array.isArray(option)) {
    const { statusCodes } = option as { readonly statusCodes: readonly number[] };
    return { fallThroughOn: ({ statusCode = 0 }: Failure) => statusCodes.includes(statusCode) };
  }
  const kinds = option.flatMap((kind) => (kind === '...default' ? aiAlloy.defaultFallThroughOn : [kind]));
  return { fallThroughOn: kinds };
}

const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function requestOf(
  installation: Installation,
  call: CallOptions,
  onTool: () => unknown,
): Omit<Request, 'model'> {
  const { prompt: said = 'hi', tools, steps, image, messages, followUp: _, ...rest } = call;
  const prompt = typeof said === 'string' ? said : said.repeat.repeat(said.times);
  const t = tools && toolOf(installation, 'a', () => (onTool(), 'done'));
  return {
    maxOutputTokens: 16,
    maxTokens: rest.maxOutputTokens ?? 16, // ai 4's word
    ...rest,
    ...(t && { tools: { t }, steps: steps ?? 1 }),
    ...(image
      ? {
          messages: [
            {
              role: 'user',
              content: [
                { type: 'text', text: prompt },
                { type: 'image', image: onePixel },
              ],
            },
          ],
        }
      : messages
        ? { messages: endingWithToolResult(installation) }
        : { prompt }),
  };
}

function endingWithToolResult({ major }: Installation): object[] {
  const call = { type: 'tool-call', toolCallId: 'toolu_1', toolName: 't', input: {}, args: {} };
  const output = major === 4 ? { result: 'done' } : { output: { type: 'text', value: 'done' } };
  const result = { type: 'tool-result', toolCallId: 'toolu_1', toolName: 't', ...output };
  return [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: [call] },
    { role: 'tool', content: [result] },
  ];
}

/** One more turn of the same conversation, behind a short answer. */
function followUp(request: Request, { followUp: more }: CallOptions): Request[] {
  if (more === undefined) return [];
  const { prompt, ...rest } = request;
  const messages = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: 'ok' },
    { role: 'user', content: more },
  ];
  return [{ ...rest, messages }];
}

type Answer = Pick<Seen, 'text' | 'finishReason' | 'errors' | 'failures' | 'warnings'>;

async function generated(installation: Installation, request: Request): Promise<Answer> {
  try {
    const { text, finishReason, warnings } = await installation.sdk.generateText(
      optionsOf(installation, request),
    );
    return { text, finishReason, errors: [], failures: [], warnings: messagesOf(warnings) };
  } catch (error) {
    const failures = [installation.aiAlloy.failureOf(error)];
    return { text: '', finishReason: undefined, errors: [error], failures, warnings: [] };
  }
}

async function streamed(installation: Installation, request: Request): Promise<Answer> {
  const result = installation.sdk.streamText(optionsOf(installation, request));
  let text = '';
  let finishReason: string | undefined;
  const errors: unknown[] = [];
  const failures: Failure[] = [];
  const fail = (error: unknown): void => {
    errors.push(error);
    failures.push(installation.aiAlloy.failureOf(error));
  };
  try {
    for await (const part of result.fullStream as AsyncIterable<{ type: string; [field: string]: unknown }>) {
      if (part.type === 'text-delta') text += String(part['text'] ?? part['textDelta']); // `textDelta` is ai 4's
      if (part.type === 'error') fail(part['error']);
      if (part.type === 'finish') finishReason = String(part['finishReason']);
    }
  } catch (error) {
    fail(error);
  }
  const warnings = finishReason === undefined ? [] : await result.warnings;
  return { text, finishReason, errors, failures, warnings: messagesOf(warnings) };
}

const messagesOf = (warnings: unknown): string[] =>
  ((warnings ?? []) as { readonly message?: string }[]).map(({ message }) => message ?? '');
