import { expect, it } from 'vitest';
import { sideTable } from '../src/side-table.ts';

const revocable = Proxy.revocable({}, {});
revocable.revoke();

it.each([
  ['an object', {}],
  ['a list', []],
  ['a frozen object', Object.freeze({ a: 1 })],
  ['a sealed list', Object.seal([1])],
  ['an object without a prototype', Object.create(null) as object],
  ['a proxy', new Proxy({}, {})],
  ['a revoked proxy', revocable.proxy],
  ['a function', () => {}],
])('R-49: keeps values of %s apart, by table and by object', (_, object) => {
  const numbers = sideTable<number>();
  const texts = sideTable<string>();
  expect(numbers.get(object)).toBeUndefined();
  numbers.set(object, 1);
  texts.set(object, 'one');
  numbers.set(object, 2);
  expect([numbers.get(object), texts.get(object)]).toEqual([2, 'one']);
  expect(numbers.get({})).toBeUndefined();
});

it('R-49: adds nothing that anybody sees to an object that can be frozen later, and nothing at all to a frozen one', () => {
  const table = sideTable<string>();
  const open = { a: 1 };
  table.set(open, 'kept');
  expect(Reflect.ownKeys(open)).toEqual(['a']);
  expect(structuredClone(open)).toEqual({ a: 1 });
  Object.freeze(open);
  table.set(open, 'changed');
  expect(table.get(open)).toBe('changed');
});
