import { assertKnownOptions, check } from '../errors/errors.ts';
import { at, type Place } from '../errors/place.ts';
import { between as options } from '../options/rules.ts';
import type { RuleConditions } from './rule.ts';

type Between = NonNullable<RuleConditions['between']>;

/** Whether a time is within a time of day in some time zone. The range crosses midnight if `to` is before `from`. */
export type IsWithin = (now: Date) => boolean;

/** Reads and checks a time of day. Creates the formatter only once, since that takes a millisecond. */
export function parseBetween(place: Place, between: Between): IsWithin {
  assertKnownOptions(place, between, Object.keys(options));
  const { from, to, timeZone } = between;
  const start = minutesOf(at(place, 'from'), from);
  const end = minutesOf(at(place, 'to'), to);
  check(start !== end, at(place, 'to'), to, 'use another time than from');
  const format = formatterFor(at(place, 'timeZone'), timeZone);
  return (now) => {
    const time = format.format(now);
    const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
    return start < end ? minutes >= start && minutes < end : minutes >= start || minutes < end;
  };
}

function minutesOf(option: Place, time: unknown): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(typeof time === 'string' ? time : '') ?? [];
  check(hours !== undefined, option, time, "use a time of day such as '22:00'");
  return Number(hours) * 60 + Number(minutes);
}

function formatterFor(option: Place, timeZone: unknown): Intl.DateTimeFormat {
  const isName = typeof timeZone === 'string' && timeZone !== '';
  try {
    if (isName) {
      return new Intl.DateTimeFormat('en-GB', {
        timeZone,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      });
    }
  } catch {
    // unknown time zone
  }
  check(false, option, timeZone, "name a time zone of the IANA database, such as 'Europe/Berlin' or 'UTC'");
}
