/**
 * Words that other routers use for an option, and our names for it; if there are several, the one that the table has is
 * suggested. The words are those of LiteLLM, Portkey, Bifrost, OpenRouter, Kong, claude-code-router and inference
 * servers, reduced to lower-case letters.
 */
const meanings: readonly (readonly [words: string, ours: string])[] = [
  // Members of a primitive
  [
    'models members model modellist fallbacks fallbackmodels backups chain sequence priority priorities order deployments ' +
      'providers backends endpoints upstreams candidates children nodes items list pool choices targets steps constituents ' +
      'components parts blend mix alternatives',
    'steps constituents targets',
  ],
  ['default defaultmodel defaulttarget defaultroute otherwise else primary', 'targets steps constituents'],
  [
    'then to use model modelname models route routeto destination action provider targets deployment',
    'target',
  ],
  ['modelname modelid ref reference use to target deployment', 'model'],
  ['model modelname modelid alias slug identifier name', 'id'],
  // Rules
  ['rule routes routing routingrules policies branches cases switch conditions when', 'rules'],
  ['if condition conditions match matches query filter where criteria', 'when'],
  ['mintokens minprompttokens tokensabove longcontextthreshold threshold gt gte', 'minInputTokens'],
  ['tools usestools toolcalls', 'hasTools'],
  ['images image vision usesimages', 'hasImages'],
  ['files file documents pdf', 'hasFiles'],
  ['format json outputformat', 'responseFormat'],
  ['tags tag labels headers header user tenant team tier task attributes', 'metadata'],
  ['contains keyword keywords prompt pattern regex includes message', 'text'],
  ['time times hours schedule cron', 'between'],
  ['start begin after since', 'from'],
  ['end until before', 'to'],
  ['tz zone', 'timeZone'],
  // Sizes
  [
    'context contextlength contextsize contextlimit contexttokens maxcontext maxcontextlength maxcontexttokens maxctx ctx nctx ' +
      'numctx ctxsize maxmodellen maxmodellength maxseqlen modelmaxlength tokenlimit maxtotaltokens window windowsize',
    'contextWindow minContextWindow',
  ],
  ['maxprompttokens maxinput inputlimit inputtokens maxinputlength', 'maxInputTokens'],
  [
    'maxtokens maxcompletiontokens maxnewtokens maxoutput outputlimit numpredict maxgeneratedtokens',
    'maxOutputTokens defaultOutputTokens',
  ],
  ['maxtokens tokens tokensbelow lt lte', 'maxInputTokens'],
  ['capacity reserve headroom utilization fraction usage contextfraction', 'capacityFraction'],
  ['ratio share probability percent percentage traffic proportion', 'weight'],
  ['estimator tokenestimator tokencounter counter encoding', 'tokenizer kind'],
  // Failures
  ['retry numretries maxretries retrycount maxattempts attempts retryattempts retrypolicy', 'retries'],
  ['timeout requesttimeout timeoutseconds timeoutms streamtimeout', 'totalMs'],
  ['ttft firsttokentimeout firstbytetimeout connecttimeout timetofirsttoken', 'firstContentMs'],
  ['idletimeout readtimeout chunktimeout stalltimeout chunkms', 'idleMs'],
  ['deadline totaltimeout overalltimeout maxduration', 'deadlineMs'],
  [
    'cooldowntime cooldownseconds cooldowns allowedfails circuitbreaker maxfails failtimeout healthcheck unhealthy',
    'cooldown',
  ],
  ['allowedfails maxfails maxfailures threshold count unhealthythreshold', 'failures'],
  ['time duration seconds cooldowntime timeout ttl period', 'ms'],
  [
    'retryon fallbackon failoveron failovercriteria onstatuscodes statuscodes retrystatuscodes errors errorcodes triggers on',
    'fallThroughOn',
  ],
  ['failover fallthrough', 'fallback'],
  [
    'mode routingstrategy algorithm balancer loadbalance loadbalancer loadbalancing selection policy',
    'strategy order',
  ],
  ['sticky stickiness affinity sessionaffinity stickysession', 'reevaluate redraw'],
  // Parts of a file
  ['modellist modelgroups modelconfig model', 'models'],
  [
    'fallback fallbacks defaultfallbacks contextwindowfallbacks contentpolicyfallbacks chains failover steps priorities',
    'cascades',
  ],
  ['router routers routes routing rules targets switch switches', 'dispatchers'],
  ['pool pools blends blend mix groups balancers loadbalancers ensemble constituents', 'alloys'],
  ['defaults modeldefault defaultoptions', 'modelDefaults'],
  ['alias aliases modelalias modelaliases modelgroupalias shortcut shortcuts nicknames', 'modelShortcuts'],
  ['id name shortcut', 'alias'],
];

const inCode = 'set it in code, on the providers that you pass: createOpenAI({ baseURL, apiKey })';

/** Advice for words that no option here corresponds to. */
const advice: readonly (readonly [words: string, advice: string])[] = [
  ['provider', 'it is the prefix of the id: provider/model'],
  [
    'providers apikey apikeys apibase baseurl url endpoint apiversion virtualkey credentials keys token headers ' +
      'organization region awsregion customhost litellmparams params auth',
    inCode,
  ],
  ['weight weights', 'only the constituents of an alloy have weights'],
  [
    'routersettings litellmsettings generalsettings settings config options retry retries timeout cooldown',
    'set options on the alloy, cascade or dispatcher that they are for, or in modelDefaults',
  ],
  [
    'strategy mode',
    'a cascade goes in order, a dispatcher by size and rules, and only an alloy draws by weight',
  ],
  ['fallback', 'another member takes over anyway'],
  [
    'contextpolicyfallbacks contextwindowfallbacks enableprecallchecks',
    'a member that is too small is skipped anyway',
  ],
];

const byWord = indexOf(meanings);
const adviceByWord = indexOf(advice);

/** Indexes the lines by word. A word may occur in several lines. */
function indexOf(lines: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const [words, meaning] of lines) {
    for (const word of words.split(' ')) index.set(word, [...(index.get(word) ?? []), meaning]);
  }
  return index;
}

const wordOf = (key: string): string => key.replaceAll(/[^a-z]/gi, '').toLowerCase();

/** Our name, among these options, for what other routers call `key`. */
export function ourWordFor(key: string, known: readonly string[]): string | undefined {
  const ours = (byWord.get(wordOf(key)) ?? []).flatMap((line) => line.split(' '));
  return ours.find((name) => known.includes(name));
}

/** Advice for an unknown option, such as where it can be set. */
export const adviceFor = (key: string): string | undefined => adviceByWord.get(wordOf(key))?.[0];
