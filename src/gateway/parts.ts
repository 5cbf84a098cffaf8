import type { DispatcherConfig, MemberConfig } from './config.ts';
import type { Declarations, Entity } from './entities.ts';
import type { Path } from './problem.ts';
import { unreadable } from './schema/read-entry.ts';

type Values = Readonly<Record<string, unknown>>;

/** A member in a declaration, and its path. */
export interface Part {
  readonly entry: string | MemberConfig;
  readonly path: Path;
}

/** The members of an entity. */
export interface Parts {
  readonly members: readonly Part[];
  /** The primitive's options that list its members, with the created members. */
  options(made: readonly unknown[]): Values;
}

/** The members of an entity; undefined if its configuration can't be read. */
export function partsOf(entity: Entity, names: Declarations['names']): Parts | undefined {
  if (entity.config === undefined) return undefined;
  const listed = (name: string, entries: readonly (string | MemberConfig)[] = []): Parts => ({
    members: entries.map((entry, index) => ({ entry, path: [...entity.path, name, index] })),
    options: (made) => ({ [name]: made }),
  });
  switch (entity.kind) {
    case 'model':
      // A declared model is wrapped in a cascade of one step, so that its sizes, timeouts and retries apply, with a decision.
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

/** A rule that names a model uses the target with that model. If the target's entry sets options, the rule gets its own member. */
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

/** Whether an entry sets no options besides an id, so that rules that name the model can use it. */
export function isAsDeclared(entry: string | MemberConfig): boolean {
  if (typeof entry === 'string') return true;
  return entry !== unreadable && Object.keys(entry).every((key) => key === 'model' || key === 'id');
}
