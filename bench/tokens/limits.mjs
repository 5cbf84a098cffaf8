// What the weight of a state may be at least and at most, whatever the fit says.

const leastText = 1500; // characters of a class in the fit; with fewer, it counts its UTF-8 bytes
const mixed = [0x0700, 0x0800, 0xd800]; // of classes with many scripts: bytes, however much text there is
const signs = [0x80, 0x2000, 0x2070, 0x3000, 0xff00]; // of classes that hold no letters, or letters of all kinds

/** Lower and upper bounds for every state. `seen` is how many characters of each class the fit has. */
export function limits({ classes, states }, seen) {
  const bytes = bytesOf(classes);
  const classesOf = (units) => new Set(units.map((unit) => classes[unit]));
  const [isMixed, isSign] = [classesOf(mixed), classesOf(signs)];
  const longest = new Map(states.map((state) => [state >> 8, 0]));
  for (const state of states) longest.set(state >> 8, Math.max(longest.get(state >> 8), state & 15));

  const floor = states.map((state) => {
    const kind = state >> 8;
    if (kind <= 10) return floorOfAscii(kind, state & 15, state & 0xf0);
    if (seen[kind] < leastText || isMixed.has(kind)) return bytes[kind];
    if (kind === classes[0xdc00]) return 1;
    if (isSign.has(kind)) return 0.6;
    return (longest.get(kind) > 1 ? 0.1 : 0.12) * bytes[kind]; // no script merges into longer tokens than this
  });
  const ceiling = states.map((state) => {
    const kind = state >> 8;
    if (kind === 2) return 1.1;
    return kind <= 10 ? 1.5 : bytes[kind]; // ASCII may answer for the space or the sign before it, too
  });
  return { floor: Float64Array.from(floor), ceiling: Float64Array.from(ceiling) };
}

/**
 * The most UTF-8 bytes of a character of each class. Beyond the first plane it has two halves and 4 bytes: the second
 * half is common to emoji and all else, and may count 1 for the sake of emoji, so the first of all else counts 3.
 */
function bytesOf(classes) {
  const bytes = new Float64Array(64);
  classes.forEach((kind, unit) => {
    const isHalf = unit >= 0xd800 && unit < 0xe000;
    bytes[kind] = Math.max(bytes[kind], unit < 0x80 ? 1 : unit < 0x800 || isHalf ? 2 : 3);
  });
  bytes[classes[0xd800]] = 3;
  return bytes;
}

/** The least that endless runs cost: the longest tokens are 80 spaces, a dozen newlines, and so on. */
function floorOfAscii(kind, run, after) {
  if (kind === 3 && run === 2 && after) return 0.9; // spaces within a line: all but the last are a token
  const least = { 3: [5, 1 / 64], 4: [4, 1 / 12], 5: [2, 1 / 12], 6: [2, 1 / 2], 7: [4, 1 / 12] };
  const [from, tokens] = least[kind] ?? (kind > 7 && kind < 10 ? [4, 1 / 5] : [2, 1 / 12]);
  return kind !== 2 && run >= from ? tokens : 0;
}
