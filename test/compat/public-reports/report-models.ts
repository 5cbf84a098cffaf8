import type { LanguageModel } from 'ai';
import type { Installation } from '../installations.ts';
import { timed, type Member, type Provider, type Script, type ThrownError } from './report.ts';
import type { Stage } from './report-server.ts';

/** The real provider's model for a member, in front of its server. */
export function modelOf(installation: Installation, member: Member, stage: Stage): LanguageModel {
  const { provider = 'chat', script = {}, id, modelId = id } = member;
  if (provider === 'parts') return modelOfParts(installation, member, stage);
  const fetch = script.fetch && failingFetch(script.fetch, () => stage.asked.push(id));
  const settings = {
    baseURL: stage.baseURL(id),
    apiKey: 'test',
    name: 'compatible',
    includeUsage: true,
    compatibility: 'strict', // makes the OpenAI provider of ai 4 ask for the usage of streams
    ...(fetch && { fetch }),
  };
  return makers(installation)[provider](settings as never, modelId);
}

type Maker = (settings: never, id: string) => LanguageModel;

const makers = (installation: Installation): Record<Exclude<Provider, 'parts'>, Maker> => ({
  chat: (settings, id) => installation.createOpenAI(settings).chat(id),
  responses: (settings, id) => installation.createOpenAI(settings).responses(id),
  anthropic: (settings, id) => installation.createAnthropic(settings)(id),
  google: (settings, id) => installation.createGoogleGenerativeAI(settings)(id),
  compatible: (settings, id) => installation.createOpenAICompatible(settings)(id),
});

/** A `fetch` that throws, or whose answer breaks off, as those of other runtimes do. */
function failingFetch(
  { error, breaksAfter, contentType = 'application/json' }: NonNullable<Script['fetch']>,
  onRequest: () => unknown,
): typeof fetch {
  return async () => {
    onRequest();
    if (breaksAfter === undefined) throw thrown(error);
    const chunks = [new TextEncoder().encode(breaksAfter)];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.error(thrown(error));
      },
    });
    return new Response(body, { headers: { 'content-type': contentType } });
  };
}

function thrown({ name, message, code, cause }: ThrownError): Error {
  const Kind = name === 'TypeError' ? TypeError : Error;
  const error = new Kind(message, cause && { cause: thrown(cause) });
  return Object.assign(error, name !== error.name && { name }, code && { code });
}

/** A model that emits the parts of its script, or whose stream fails when it is first read. */
function modelOfParts(
  { mocks, native, sdk }: Installation,
  { id, script = {} }: Member,
  stage: Stage,
): LanguageModel {
  const Mock = mocks[`MockLanguageModel${native.toUpperCase()}`]!;
  const doStream = async (): Promise<object> => {
    stage.asked.push(id);
    const { parts = [], firstRead } = timed(script);
    const stream = new ReadableStream({
      pull(controller) {
        if (firstRead)
          controller.error(new sdk.APICallError({ ...firstRead, url: '', requestBodyValues: {} }));
        for (const part of parts) controller.enqueue(part);
        if (!firstRead) controller.close();
      },
    });
    return { stream, rawCall: {} };
  };
  return new Mock({ provider: 'parts', modelId: id, doStream }) as LanguageModel;
}
