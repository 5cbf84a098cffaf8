// Whether any token of any vocabulary counts as more than one in the lower bound: `npm run lower-bound`. Then that
// bound holds for every text, since what it counts of a row of tokens is no more than of each by itself.
import { lowerBound } from '../../src/tokens/estimators/lower-bound.ts';
import { install, vocabularies } from './vocabularies.mjs';

install();
let wrong = 0;
for (const { name, tokens } of vocabularies()) {
  const above = tokens.map(wholeCharacters).filter((text) => lowerBound.estimateText(text) > 1);
  wrong += above.length;
  console.log(`${name}: ${above.length} of ${tokens.length} tokens count as more than one`);
  for (const text of above.slice(0, 20)) console.log(`  ${JSON.stringify(text)}`);
}
if (wrong > 0) process.exitCode = 1;

/** A token's text: without the end of a character that began before it, and with the heaviest that it may begin. */
function wholeCharacters(bytes) {
  let [start, end] = [0, bytes.length];
  while (start < end && isContinuation(bytes[start])) start++;
  let last = end - 1;
  while (last >= start && isContinuation(bytes[last])) last--;
  const lead = bytes[last] ?? 0;
  const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const isCut = last >= start && last + length > end;
  if (isCut) end = last;
  return bytes.toString('utf8', start, end) + (isCut ? ['', '', 'я', '中', ''][length] : '');
}

function isContinuation(byte) {
  return (byte & 0xc0) === 0x80;
}
