import type { DispatcherConfig, MemberConfig } from './config.ts';
import type { Declarations, Entity } from './entities.ts';
import type { Path } from './problem.ts';
import { unreadable } from './schema/read-entry.ts';

type Values = Readonly<Record<string, unknown>>;

/** What a declaration says of one member, and where. */
export interface Part {
  readonly entry: string | MemberConfig;
  readonly path: Path;
}

/** What an entity is made of. */
export interface Parts {
  readonly members: readonly Part[];
  /** The options of the primitive that hold its members, once those are made. */
  options(made: readonly unknown[]): Values;
}

/** What an entity is made of; undefined where nothing of it can be read. */
export function partsOf(entity: Entity, names: Declarations['names']): Parts | undefined {
  if (entity.config === undefined) return undefined;
  const listed = (name: string, entries: readonly (string | MemberConfig)[] = []): Parts => ({
    members: entries.map((entry, index) => ({ entry, path: [...entity.path, name, index] })),
    options: (made) => ({ [name]: made }),
  });
  switch (entity.kind) {
    case 'model':
      // A model by itself is a cascade of one: with its sizes, its deadlines and its retries, and a decision.
      return {
        members: [{ entry: entity.config.id, path: entity.path }],
        options: (steps) => ({ steps }),
      };
    case 'alloy':
      return listed('constituents', entity.config.constituents);
    case 'cascade':
      return listed('steps', entity.config.steps);
    case 'dispatcher':
      return dispatcherParts(entity.config, entity.path, names);
  }
}

/** A rule that names a target is about that very member, unless the list says more of it: then it is one of its own. */
function dispatcherParts(config: DispatcherConfig, path: Path, names: Declarations['names']): Parts {
  const { targets = [], rules = [] } = config;
  const members: Part[] = [];
  const byName = new Map<unknown, number>();
  const add = (entry: string | MemberConfig, place: Path, isReusable: boolean): number => {
    const name = typeof entry === 'string' ? entry : entry.model;
    const key = names.get(name) ?? name;
    const index = members.push({ entry, path: place }) - 1;
    if (isReusable && !byName.has(key)) byName.set(key, index);
    return index;
  };
  targets.forEach((entry, index) => add(entry, [...path, 'targets', index], isAsDeclared(entry)));
  const indices = rules.map(({ target }, index) => {
    const isName = typeof target === 'string';
    const known = isName ? byName.get(names.get(target) ?? target) : undefined;
    return known ?? add(target, [...path, 'rules', index, 'target'], isName);
  });
  return {
    members,
    options: (made) => ({
      ...(config.targets && { targets: made.slice(0, targets.length) }),
      ...(config.rules && {
        rules: rules.map((rule, index) => ({ ...rule, target: made[indices[index]!] })),
      }),
    }),
  };
}

/** Whether an entry is its model as that is declared, at most with a name: then rules that name the model mean it. */
export function isAsDeclared(entry: string | MemberConfig): boolean {
  if (typeof entry === 'string') return true;
  return entry !== unreadable && Object.keys(entry).every((key) => key === 'model' || key === 'id');
}
