import { UsageError } from './outcome.ts';

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

/** Sets the clock of this process to a time, since rules read it. The process ends with the command. */
export function setClock(at: string): void {
  const wrong = (why: string): UsageError => new UsageError(`--at is ${JSON.stringify(at)}: ${why}`);
  if (!moment.test(at)) throw wrong('write a time with its zone, such as 2026-01-31T23:30Z');
  const time = Date.parse(at);
  const [day = ''] = at.split('T');
  // JavaScript reads 31 February as 3 March.
  const isDay = !Number.isNaN(time) && new Date(`${day}T00:00Z`).toISOString().startsWith(day);
  if (!isDay) throw wrong('there is no such time');
  globalThis.Date = new Proxy(Date, {
    construct: (real, args) => Reflect.construct(real, args.length === 0 ? [time] : args) as Date,
  });
}
