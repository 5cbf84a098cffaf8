import type { z } from 'zod/v4';
import * as ofAlloy from '../../options/alloy.ts';
import * as ofCascade from '../../options/cascade.ts';
import * as ofDispatcher from '../../options/dispatcher.ts';
import { inFile, inFileDocs, named, namedDocs } from '../../options/file.ts';
import { inherited, inheritedDocs } from '../../options/member.ts';
import type { Need } from '../../options/kinds.ts';
import { routing, shared, sharedDocs, sharedNeeds } from '../../options/shared.ts';
import type { AlloyConfig, CascadeConfig, DispatcherConfig } from '../config.ts';
import { documented } from './documentation.ts';
import { listOf, spellingsOf } from './leaves.ts';
import { constituentEntry, memberEntry } from './models.ts';
import { needsRules } from './needs-rules.ts';
import { fieldsOf } from './of-option.ts';
import { rule } from './rules.ts';
import type { Coherence } from './table.ts';
import { counting, level } from './tokenizer.ts';

const maxMembers = 500;

const common = {
  ...fieldsOf({ id: shared.id }, sharedDocs, { required: ['id'] }),
  ...fieldsOf(named, namedDocs),
  ...fieldsOf(inFile, inFileDocs),
  ...counting,
  ...fieldsOf(inherited, inheritedDocs),
  ...fieldsOf(routing, sharedDocs),
};

const tableRemedy = 'use a table with id';

/** A session can only be set in code, since it has a store. */
const inData = ({ option }: Need): boolean => option !== 'session';

/** `[[alloys]]` */
export const alloy: z.ZodType<AlloyConfig> = documented(
  level<AlloyConfig>(
    {
      ...common,
      ...fieldsOf(ofAlloy.alloy, ofAlloy.alloyDocs, {
        required: ['constituents'],
        schemas: { constituents: listOf(constituentEntry, 'models', 2, maxMembers) },
      }),
    },
    tableRemedy,
    needsRules([...sharedNeeds, ...ofAlloy.alloyNeeds].filter(inData)),
  ),
  { id: 'alloy' },
);

/** `[[cascades]]` */
export const cascade: z.ZodType<CascadeConfig> = documented(
  level<CascadeConfig>(
    {
      ...common,
      ...fieldsOf(ofCascade.cascade, ofCascade.cascadeDocs, {
        required: ['steps'],
        schemas: { steps: listOf(memberEntry, 'models', 1, maxMembers) },
      }),
    },
    tableRemedy,
    needsRules(sharedNeeds),
  ),
  { id: 'cascade' },
);

/** Rules about several options of a dispatcher, besides those about options without effect. */
const dispatcherRules: readonly Coherence<DispatcherConfig>[] = [
  {
    about: ['targets', 'rules'],
    holds: ({ targets = [], rules = [] }) => targets.length + rules.length > 0,
    at: 'targets',
    message: 'name a model at least, unless there are rules',
    schema: {
      anyOf: [
        { required: ['targets'], properties: { targets: { minItems: 1 } } },
        { required: ['models'], properties: { models: { minItems: 1 } } }, // the other name of targets
        { required: ['rules'], properties: { rules: { minItems: 1 } } },
      ],
    },
  },
  ...needsRules<DispatcherConfig>(ofDispatcher.dispatcherNeeds.filter(inData)),
  {
    about: ['reevaluate', 'assumeSessionMaxTokens'],
    holds: ({ reevaluate, assumeSessionMaxTokens }) =>
      reevaluate !== 'worst-case' || assumeSessionMaxTokens !== undefined,
    at: 'assumeSessionMaxTokens',
    message: "reevaluate 'worst-case' needs it: say how many input tokens to expect, such as '128K'",
    schema: {
      if: { required: ['reevaluate'], properties: { reevaluate: { enum: spellingsOf('worst-case') } } },
      then: { required: ['assumeSessionMaxTokens'] },
    },
  },
];

/** `[[dispatchers]]` */
export const dispatcher: z.ZodType<DispatcherConfig> = documented(
  level<DispatcherConfig>(
    {
      ...common,
      ...fieldsOf(ofDispatcher.dispatcher, ofDispatcher.dispatcherDocs, {
        schemas: {
          targets: listOf(memberEntry, 'models', 0, maxMembers),
          rules: listOf(rule, 'rules', 0, maxMembers),
        },
      }),
    },
    tableRemedy,
    [...needsRules<DispatcherConfig>(sharedNeeds), ...dispatcherRules],
  ),
  { id: 'dispatcher' },
);
