import { z } from 'zod/v4';
import { remedyOf } from '../../options/check-options.ts';
import { maxMs, type Kind, type NumberKind, type OptionDoc, type OptionTable } from '../../options/kinds.ts';
import { settingsDocs, supportsDocs } from '../../options/call-settings.ts';
import { priceDocs } from '../../options/member.ts';
import { cooldownDocs } from '../../options/shared.ts';
import { documented } from './documentation.ts';
import {
  fallThroughWord,
  flag,
  listOf,
  milliseconds,
  modelName,
  name,
  oneOf,
  optional,
  size,
  text,
} from './leaves.ts';
import { table } from './table.ts';

type Docs = Readonly<Record<string, OptionDoc>>;

/** Options that are tables and can be set in data. A session isn't among them, since it contains a store. */
const nestedDocs: Readonly<Record<string, Docs>> = {
  price: priceDocs,
  cooldown: cooldownDocs,
  settings: settingsDocs,
  supports: supportsDocs,
};

/** How the options of a table are written in data. */
interface Fields {
  readonly required?: readonly string[];
  /** Schemas of options that are written differently in data. */
  readonly schemas?: Readonly<Record<string, z.ZodType>>;
}

/** The schemas of a table's options in data, in the table's order, without options that can only be set in code. */
export function fieldsOf<Table extends OptionTable>(
  options: Table,
  docs: Docs,
  { required = [], schemas = {} }: Fields = {},
): Readonly<Record<keyof Table, z.ZodType>> {
  const fields = Object.entries(options).flatMap(([option, kind]) => {
    const schema = schemas[option] ?? schemaOf(option, kind);
    if (!schema) return [];
    const { sentence, default: fallback } = docs[option]!;
    const isRequired = required.includes(option);
    const field = isRequired
      ? documented(schema, { description: sentence })
      : optional(schema, sentence, fallback);
    return [[option, field] as const];
  });
  return Object.fromEntries(fields) as Record<keyof Table, z.ZodType>; // options that data doesn't have are no keys of a config either
}

function schemaOf(option: string, kind: Kind): z.ZodType | undefined {
  switch (kind.type) {
    case 'number':
      return kind.max === maxMs ? milliseconds : numberOf(kind);
    case 'word': {
      const { words, orAbove } = kind;
      if (orAbove === undefined) return oneOf(words);
      const error = ({ input }: { readonly input?: unknown }): string => remedyOf(kind, input);
      const number = z.number().gt(orAbove, { error });
      return z.union([z.enum(words as [string, ...string[]]), number], { error });
    }
    case 'words':
      return listOf(fallThroughWord, 'failure kinds', 0, 20);
    case 'table': {
      const docs = nestedDocs[option];
      const { options, required } = kind;
      const names = required.length > 0 ? required : Object.keys(options).slice(0, 2);
      const remedy = `use a table with ${names.join(required.length > 0 ? ' and ' : ', ')}`;
      return docs && documented(table(fieldsOf(options, docs, { required }), remedy), { id: option });
    }
    default:
      return leaves[kind.type];
  }
}

const leaves: Readonly<Partial<Record<Kind['type'], z.ZodType>>> = {
  tokens: size,
  flag,
  name,
  model: modelName,
  text,
  texts: listOf(z.string({ error: 'use a text' }), 'texts', 0, 100),
  headers: z.record(z.string(), z.string({ error: 'use a text' }), { error: 'use a table of texts by name' }),
  'provider-options': z.record(
    z.string(),
    z.record(z.string(), z.unknown(), { error: 'use a table of options' }),
    { error: 'use a table of options by provider' },
  ),
};

function numberOf({ isWhole, above, min, max, remedy: error }: NumberKind): z.ZodType {
  let schema: z.ZodNumber = isWhole ? z.int({ error }) : z.number({ error });
  if (above !== undefined) schema = schema.gt(above, { error });
  if (min !== undefined) schema = schema.gte(min, { error });
  const upper = max ?? (isWhole ? Number.MAX_SAFE_INTEGER : Infinity);
  return upper < Infinity ? schema.lte(upper, { error }) : schema;
}
