import { z } from 'zod/v4';
import { documented } from './documentation.ts';
import { inFileDocs } from '../../options/file.ts';
import { flag, listOf, optional } from './leaves.ts';
import { model, modelDefaults, modelShortcut } from './models.ts';
import { alloy, cascade, dispatcher } from './primitives.ts';
import { proxy } from './proxy.ts';
import { tokenizer } from './tokenizer.ts';

/** The parts of a file that are tables. */
export const tables: {
  readonly tokenizer: typeof tokenizer;
  readonly modelDefaults: typeof modelDefaults;
  readonly proxy: typeof proxy;
} = { tokenizer, modelDefaults, proxy };

/** The parts of a file that are lists, by the schema of an entry. */
export const lists: {
  readonly models: typeof model;
  readonly alloys: typeof alloy;
  readonly cascades: typeof cascade;
  readonly dispatchers: typeof dispatcher;
  readonly modelShortcuts: typeof modelShortcut;
} = {
  models: model,
  alloys: alloy,
  cascades: cascade,
  dispatchers: dispatcher,
  modelShortcuts: modelShortcut,
};

/** How many entries a list has at most. */
export const maxEntries: Readonly<Record<keyof typeof lists, number>> = {
  models: 5000,
  alloys: 1000,
  cascades: 1000,
  dispatchers: 1000,
  modelShortcuts: 5000,
};

const section = <Name extends keyof typeof lists>(name: Name, description: string): z.ZodType =>
  optional(listOf(lists[name] as z.ZodType, name, 0, maxEntries[name]), description);

/** A whole file; it is parsed part by part, so that a problem in one doesn't hide those of the others. */
export const gatewaySchema: z.ZodType = documented(
  z.strictObject({
    $schema: optional(z.string(), 'Where the JSON Schema of this file is.'),
    tokenizer: optional(tokenizer, 'How tokens are counted.'),
    proxy: proxy.optional(),
    modelDefaults: modelDefaults.optional(),
    recommended: optional(flag, inFileDocs.recommended.sentence, inFileDocs.recommended.default),
    models: section('models', 'Models, each declared once.'),
    alloys: section('alloys', 'Blends of equivalent models.'),
    cascades: section('cascades', 'Models tried in order.'),
    dispatchers: section('dispatchers', 'Models chosen by the size and the content of a request.'),
    modelShortcuts: section('modelShortcuts', 'Other names of models, alloys, cascades and dispatchers.'),
  }),
  { title: 'ai-alloy gateway', description: 'Models, alloys, cascades and dispatchers of ai-alloy.' },
);
