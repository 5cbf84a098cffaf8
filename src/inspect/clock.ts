import { UsageError } from './usage-error.ts';

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

const realDate = Date;

/** Sets the clock of this process, or of this worker, to a time, since rules read it; undefined: to the real time. */
export function setClock(at: string | undefined): void {
  globalThis.Date = realDate;
  if (at === undefined) return;
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
