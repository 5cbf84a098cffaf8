import { generateText } from 'ai';
import { decisionOf } from '../../src/decision-of.ts';
import type { Decision } from '../../src/decision.ts';
import { InvalidConfigurationError } from '../../src/errors/errors.ts';
import type { ExplainOptions } from '../../src/explain.ts';
import type { GatewayConfig } from '../../src/gateway/index.ts';
import { firstLineOf } from '../../src/inspect/clean.ts';
import { setClock } from '../../src/inspect/clock.ts';
import { createGateway, explainIn, idsIn, type ValidGateway } from '../../src/inspect/explained.ts';
import { type Answer, sentencesHtml, tableHtml } from '../../src/inspect/picture/answer.ts';
import { drawn } from '../../src/inspect/picture/drawn.ts';
import { svgOf } from '../../src/inspect/picture/svg.ts';
import { readGateway } from '../../src/inspect/read-gateway.ts';
import { showMetadata } from '../../src/inspect/request/metadata.ts';
import { requestOf, type RequestOptions } from '../../src/inspect/request/request-of.ts';
import { titleOf } from '../../src/inspect/verdict.ts';
import type { FileProblem } from '../../src/load/problem.ts';
import type { GatewayText } from '../../src/load/read-gateway-file.ts';
import { routerOf } from '../../src/routing/copies.ts';
import { routersIn } from '../../src/routing/router.ts';
import type { RoutingModel } from '../../src/sdk/model.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { UsageError } from '../../src/inspect/usage-error.ts';
import { estimating } from './estimating.ts';
import type { ModelState } from './model-state.ts';
import { StandIns } from './stand-ins.ts';

/** What the playground asks: a gateway, a request, and what is assumed of the world. */
export interface Question {
  readonly gateway: GatewayText;
  /** What is asked for: an id of the file. @default the first one */
  readonly id?: string;
  readonly request: Pick<
    RequestOptions,
    | 'tokens'
    | 'text'
    | 'hasImages'
    | 'hasFiles'
    | 'hasTools'
    | 'responseFormat'
    | 'maxOutputTokens'
    | 'metadata'
  >;
  /** The time, with its zone. @default now */
  readonly at?: string;
  /** What models are assumed to do, by id. */
  readonly models: Readonly<Record<string, ModelState>>;
}

/** What rules of a gateway ask for, so that the page can offer it. */
export interface Asked {
  /** Entries such as `tier=gold`. */
  readonly metadata: readonly string[];
  readonly hasTimes: boolean;
  readonly texts: readonly string[];
}

/** The answer to a question: the problems of the gateway, a problem of the request, or where it goes. */
export type Reply =
  | { readonly type: 'problems'; readonly problems: readonly FileProblem[] }
  | ({ readonly type: 'wrong-request'; readonly message: string } & Offered)
  | ({
      readonly type: 'answer';
      readonly title: string;
      /** Where the request goes, in a sentence. */
      readonly said: string;
      readonly across: string;
      readonly down: string;
      readonly sentences: string;
      readonly table: string;
    } & Offered);

/** What a gateway has to offer. */
export interface Offered {
  readonly id: string;
  readonly ids: readonly string[];
  readonly models: readonly string[];
  readonly asked: Asked;
}

/** Answers a question with the library itself: `explain`, and a call on stand-ins if models are assumed to fail. */
export async function answerTo(question: Question): Promise<Reply> {
  try {
    const read = await readGateway(question.gateway, estimating());
    const { config, problems } = read;
    if (!config) return { type: 'problems', problems };
    const standIns = new StandIns(question.models);
    const gateway = createGateway(read, { providers: standIns.provide, random: seededRandom(1) });
    const ids = idsIn(config);
    const [first] = ids;
    if (first === undefined) return { type: 'problems', problems: [nothing] };
    const id = question.id !== undefined && gateway.ids.includes(question.id) ? question.id : first;
    const offered: Offered = { id, ids, models: standIns.ids, asked: askedIn(config) };
    const wanted = gateway.languageModel(id);
    try {
      setClock(question.at);
      return { ...(await shown({ ...read, config }, wanted, question, standIns)), ...offered };
    } catch (error) {
      // The latter where the library says so, for example of a member that the metadata names.
      if (!(error instanceof UsageError) && !InvalidConfigurationError.isInstance(error)) throw error;
      return { type: 'wrong-request', message: firstLineOf(error), ...offered };
    }
  } finally {
    setClock(undefined);
  }
}

const nothing: FileProblem = { path: [], message: 'this declares no model: add one under models' };

async function shown(gateway: ValidGateway, model: RoutingModel, question: Question, standIns: StandIns) {
  const request = await requestOf(question.request);
  const explained = await explainIn(gateway, model, request);
  const call = standIns.failing.length > 0 && !explained.refused ? await callOn(model, request) : undefined;
  const answer: Answer = drawn(gateway, explained, model, call?.decision);
  const notes = [...answer.notes, ...withoutEffect(model, standIns)];
  return {
    type: 'answer' as const,
    title: titleOf(explained.decision, gateway.config),
    said: [explained.destination, ...(call ? [call.outcome.text] : [])].join(' '),
    across: svgOf(answer.root, 'across'),
    down: svgOf(answer.root, 'down'),
    sentences: sentencesHtml({ ...answer, notes, ...(call && { outcome: call.outcome }) }),
    table: tableHtml(answer),
  };
}

interface Called {
  readonly decision: Decision | undefined;
  readonly outcome: NonNullable<Answer['outcome']>;
}

/** A real call, on stand-ins for the models. */
async function callOn(model: RoutingModel, request: ExplainOptions): Promise<Called> {
  try {
    const result = await generateText({ ...request, model, maxRetries: 0 } as Parameters<
      typeof generateText
    >[0]);
    const decision = decisionOf(result);
    return {
      decision,
      outcome: { ok: true, text: `Answered by ${decision ? pathOf(decision) : 'a model'}.` },
    };
  } catch (error) {
    const decision = decisionOf(error);
    return { decision, outcome: { ok: false, text: `The call fails: ${firstLineOf(error)}` } };
  }
}

/** `blend → google/gemini-2.5-flash` */
function pathOf({ answeredBy = '', attempts = [] }: Decision): string {
  const inner = attempts.at(-1)?.decision;
  return inner ? `${answeredBy} → ${pathOf(inner)}` : answeredBy;
}

/** Notes on models that are assumed to be on cooldown where no primitive has the option. */
function withoutEffect(model: RoutingModel, standIns: StandIns): string[] {
  const router = routerOf(model)!;
  const routers = [router, ...routersIn(router)];
  const isIn = (object: object | undefined, hasCooldown: boolean): boolean =>
    routers.some(
      ({ cooldown, members }) =>
        (cooldown !== undefined || !hasCooldown) && members.some(({ modelObject }) => modelObject === object),
    );
  return standIns.ids
    .filter((id) => standIns.stateOf(id) === 'on-cooldown')
    .filter((id) => isIn(standIns.objectOf(id), false) && !isIn(standIns.objectOf(id), true))
    .map((id) => `no primitive with ${id} declares a cooldown, so that changes nothing.`);
}

function askedIn({ dispatchers = [] }: GatewayConfig): Asked {
  const conditions = dispatchers.flatMap(({ rules = [] }) => rules.map(({ when = {} }) => when));
  const metadata = conditions.flatMap((when) =>
    Object.entries(when.metadata ?? {}).flatMap(([key, value]) =>
      [value].flat().map((each) => `${key}=${showMetadata(each)}`),
    ),
  );
  return {
    metadata: [...new Set(metadata)],
    hasTimes: conditions.some(({ between }) => between !== undefined),
    texts: [...new Set(conditions.flatMap(({ text }) => (text === undefined ? [] : [text])))],
  };
}
