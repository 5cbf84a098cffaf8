import { UsageError } from './outcome.ts';

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

/** Has the process believe that it is then: rules read the clock, and this one ends with the command. */
export function setClock(at: string): void {
  const time = moment.test(at) ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(
      `--at is ${JSON.stringify(at)}: write a time with its zone, such as 2026-01-31T23:30Z`,
    );
  }
  globalThis.Date = new Proxy(Date, {
    construct: (real, args) => Reflect.construct(real, args.length === 0 ? [time] : args) as Date,
  });
}
