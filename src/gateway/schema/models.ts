import { z } from 'zod/v4';
import { constituent, constituentDocs } from '../../options/alloy.ts';
import {
  askedSize as askedOptions,
  askedSizeDocs,
  fileDocs,
  named,
  namedDocs,
  shortcut,
  shortcutDocs,
} from '../../options/file.ts';
import {
  inherited,
  inheritedDocs,
  knownDocs,
  member,
  memberDocs,
  model as options,
} from '../../options/member.ts';
import type {
  AskedSize,
  ConstituentConfig,
  CountingConfig,
  MemberConfig,
  ModelConfig,
  ModelDefaultsConfig,
  ModelShortcutConfig,
} from '../config.ts';
import { documented } from './documentation.ts';
import { sizeRemedy } from '../../tokens/size.ts';
import { name, size } from './leaves.ts';
import { fieldsOf } from './of-option.ts';
import { table } from './table.ts';
import { counting, level } from './tokenizer.ts';

const addressRemedy = 'use the address of a server, as its provider is given it: http://127.0.0.1:8080/v1';
const address = z.string({ error: addressRemedy }).regex(/^https?:\/\/[^\s/]/i, { error: addressRemedy });

/** `{ ask: …, otherwise: 32K }` */
export const askedSize: z.ZodType<AskedSize> = documented(
  table<AskedSize>(
    fieldsOf(askedOptions, askedSizeDocs, { required: ['ask', 'otherwise'], schemas: { ask: address } }),
    'use a size, or a table with ask and otherwise',
  ),
  { id: 'asked-size' },
);

const docs = { ...inheritedDocs, ...knownDocs };
const schemas = { contextWindow: z.union([size, askedSize], { error: sizeRemedy }) };
const sizes = { ...counting, ...fieldsOf(options, docs, { schemas }) };

const memberDocsInFile = { ...memberDocs, model: fileDocs.model };
const memberFields = {
  ...fieldsOf({ model: member.model, id: member.id }, memberDocsInFile, { required: ['model'] }),
  ...sizes,
};

const entryRemedy = 'name a model, or use a table with model';

/** A reference, or an entry with one. */
const orReference = <Config extends CountingConfig>(
  entry: z.ZodType<Config>,
  id: string,
): z.ZodType<string | Config> => z.union([name, documented(entry, { id })], { error: entryRemedy }) as never;

/** A step or a target. */
export const memberEntry: z.ZodType<string | MemberConfig> = orReference(
  level<MemberConfig>(memberFields, entryRemedy),
  'member',
);

/** A constituent. */
export const constituentEntry: z.ZodType<string | ConstituentConfig> = orReference(
  level<ConstituentConfig>({ ...memberFields, ...fieldsOf(constituent, constituentDocs) }, entryRemedy),
  'constituent',
);

/** `[model_defaults]` */
export const modelDefaults: z.ZodType<ModelDefaultsConfig> = documented(
  level<ModelDefaultsConfig>(
    {
      ...counting,
      ...fieldsOf({ ...inherited, capacityFraction: options.capacityFraction }, docs),
      settings: sizes.settings,
    },
    'use a table of options',
  ),
  {
    id: 'model-defaults',
    description: 'Defaults for all models. A model, its member or the primitive can set others.',
  },
);

/** `[[model_shortcuts]]` */
export const modelShortcut: z.ZodType<ModelShortcutConfig> = documented(
  table<ModelShortcutConfig>(
    fieldsOf(shortcut, shortcutDocs, { required: ['alias', 'model'] }),
    'use a table with alias and model',
  ),
  { id: 'model-shortcut' },
);

/** `[[models]]` */
export const model: z.ZodType<ModelConfig> = documented(
  level<ModelConfig>(
    {
      ...fieldsOf({ id: member.id }, { id: fileDocs.modelId }, { required: ['id'] }),
      ...fieldsOf(named, namedDocs),
      ...sizes,
    },
    'use a table with id and contextWindow',
    [
      {
        about: ['capacityFraction', 'contextWindow', 'maxInputTokens'],
        holds: ({ capacityFraction = 1, contextWindow, maxInputTokens }) =>
          capacityFraction === 1 || contextWindow !== undefined || maxInputTokens !== undefined,
        at: 'capacityFraction',
        message: 'declare the contextWindow that it is a fraction of',
        schema: {
          if: { required: ['capacityFraction'], properties: { capacityFraction: { not: { const: 1 } } } },
          then: { anyOf: [{ required: ['contextWindow'] }, { required: ['maxInputTokens'] }] },
        },
      },
    ],
  ),
  { id: 'model' },
);
