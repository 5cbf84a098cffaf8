import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
export const collectGarbage = runInNewContext('gc');

const rounds = 41;
const warmUpRounds = 4;

/**
 * Times every variant once per round, in an order that rotates and turns around from round to round, so that
 * none always runs after the same other one. The first variant is the base of the ratios.
 *
 * @param {object} table
 * @param {string} table.title
 * @param {Record<string, () => Promise<unknown>>} table.variants what to time, by the name of its row
 * @param {number} table.calls how often to call a variant per round
 */
export async function measure({ title, variants, calls }) {
  const entries = Object.entries(variants);
  const times = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const [name, run] of inTurn(entries, round + warmUpRounds)) {
      collectGarbage({ type: 'minor' }); // or one variant pays for what the one before it left behind
      const started = process.hrtime.bigint();
      for (let call = 0; call < calls; call++) await run();
      const nanoseconds = Number(process.hrtime.bigint() - started) / calls;
      if (round >= 0) times[name].push(nanoseconds);
    }
  }
  const [base] = Object.values(times);
  print(`${title} (${rounds} rounds of ${calls} calls)`, [
    ['', 'per call', 'added', 'ratio', 'middle half'],
    ...Object.entries(times).map(([name, own]) => row(name, own, base)),
  ]);
}

/** The entries in another order each round. */
export function inTurn(entries, round) {
  const first = round % entries.length;
  const order = [...entries.slice(first), ...entries.slice(0, first)];
  return Math.floor(round / entries.length) % 2 === 0 ? order : order.toReversed();
}

function row(name, own, base) {
  const ratios = own.map((time, round) => time / base[round]);
  const added = own.map((time, round) => time - base[round]);
  const isBase = own === base;
  return [
    name,
    inUnit(quantile(own, 0.5)),
    isBase ? '–' : inUnit(quantile(added, 0.5)),
    `×${quantile(ratios, 0.5).toFixed(2)}`,
    isBase ? '–' : `${quantile(ratios, 0.25).toFixed(2)}–${quantile(ratios, 0.75).toFixed(2)}`,
  ];
}

export function quantile(values, fraction) {
  return values.toSorted((a, b) => a - b)[Math.round((values.length - 1) * fraction)];
}

export function inUnit(nanoseconds) {
  const size = Math.abs(nanoseconds);
  return size < 10_000 ? `${nanoseconds.toFixed(0)} ns` : `${(nanoseconds / 1000).toFixed(1)} µs`;
}

/** Prints a table whose first column is text. */
export function print(title, table) {
  console.log(`\n${title}`);
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  for (const [name, ...cells] of table) {
    const columns = cells.map((cell, index) => cell.padStart(widths[index + 1]));
    console.log(`  ${[name.padEnd(widths[0]), ...columns].join('  ')}`);
  }
}
