// How many tokens a character adds depends on its script and on what comes before it: the first letter of a word starts a
// token, the fifth rarely does. So a text is read as a sequence of states, one per character: the character's class, the
// length so far of the run of that class, and what the run follows. Each state has a weight.

/** Classes of ASCII characters: their first eleven, in this order. Beyond ASCII, a class is a script. */
const lower = 0;
const upper = 1;
const digit = 2;
const space = 3;
const newline = 5;
const control = 6;
const joiner = 7;
const other = 9;
/**
 * Lower-case letters that other languages use more often than English does, whose words take more tokens than English
 * ones.
 */
const foreign = 10;
const foreignLetters = 'agjkquvz';

/** The classes of these characters, from `space` on. Other controls and other signs are a class each. */
const single = [' ', '\t', '\n\r', '', '_-=*#~+.', '"\'()[]{}<>`', '', foreignLetters];

/** The run length of each class from which on longer runs are treated alike. */
const longestOfAscii = [8, 6, 3, 6, 4, 4, 2, 4, 4, 4, 8];

/** How each class counts as the one before a run: 0 white space, 1 a letter, 2 a digit, 3 anything else. */
const groupOfAscii = [1, 1, 2, 0, 0, 0, 3, 3, 3, 3, 1];

/**
 * Scripts, as `first code:class`; each range ends where the next one starts. A capital marks a script with enough
 * text in the corpus to weigh letters by their place in a word. `+` marks a script whose letters occur in words
 * together with ASCII. `'` marks letters that take more tokens than others of their script and continue its words:
 * capitals of Cyrillic, letters that Russian doesn't use, letters that Arabic doesn't use, and Latin letters outside
 * Latin-1.
 */
const scripts =
  "80:symbol c0:Latin+ d7:symbol d8:Latin+ f7:symbol f8:Latin+ 100:Latin+' 250:ipa 300:mark+ 370:Greek 400:Cyrillic' " +
  "430:Cyrillic 44a:Cyrillic' 44b:Cyrillic 450:Cyrillic'' 451:Cyrillic 452:Cyrillic'' 454:Cyrillic' 455:Cyrillic'' 456:Cyrillic' 458:Cyrillic'' 490:Cyrillic' 492:Cyrillic'' 530:armn 590:point 5d0:Hebrew 600:Arabic 610:haraka 61b:Arabic 64b:haraka 660:Arabic " +
  "670:haraka 671:Arabic'' 67e:Arabic' 67f:Arabic'' 686:Arabic' 687:Arabic'' 698:Arabic' 699:Arabic'' 6a9:Arabic' 6aa:Arabic'' 6af:Arabic' 6b0:Arabic'' 6cc:Arabic' 6cd:Arabic'' 6d6:haraka 6ee:Arabic'' 700:rare2 750:Arabic 780:rare2 800:rare 900:Deva 980:Beng a00:guru " +
  'a80:gujr b00:orya b80:taml c00:telu c80:knda d00:mlym d80:sinh e00:Thai e80:laoo f00:tibt 1000:mymr 10a0:geor ' +
  '1100:rare 1200:ethi 13a0:cher 1400:cans 1680:rare 1780:khmr 1800:rare 1c90:geor 1cc0:rare 1dc0:mark+ 1e00:Viet+ ' +
  '1f00:grec 2000:punct 2070:sign 20d0:mark+ 2100:sign 2c00:rare 3000:cjk 3040:Kana 3100:rare 3400:han 4dc0:rare ' +
  '4e00:Han a000:rare ac00:Hangul d7a4:rare d800:astral d83c:emoji d83f:astral dc00:low e000:rare f900:han fb00:rare ' +
  'fe00:select fe10:rare fe20:mark+ fe30:rare ff00:wide fff0:rare';

/** The tables for reading a text. */
export interface StateTables {
  /** The class of every UTF-16 code unit, halves of surrogate pairs included. */
  readonly classes: Uint8Array;
  /** The row of the state after that of row `r` and class `c`, at `r | c`. Rows are state << 6, from 0. */
  readonly next: Uint16Array;
  /** Each state as bits: class, what it follows, and length of the run. */
  readonly states: readonly number[];
}

/** The properties of a class. */
interface Kind {
  readonly longest: number;
  readonly group: number;
  /** The class whose words its letters continue; usually the class itself. */
  readonly kin: number;
}

/** Builds the tables. States are numbered as they are first reached from the start of a text. */
export function buildStates(): StateTables {
  const kinds = longestOfAscii.map((longest, i): Kind => ({
    longest,
    group: groupOfAscii[i]!,
    kin: i === foreign ? lower : i,
  }));
  const names: string[] = kinds.map(() => '');
  const classes = new Uint8Array(0x10000).fill(control, 0, 0x80).fill(other, 0x21, 0x7f);
  classes.fill(digit, 0x30, 0x3a).fill(upper, 0x41, 0x5b).fill(lower, 0x61, 0x7b);
  single.forEach((characters, i) => {
    for (const character of characters) classes[character.charCodeAt(0)] = space + i;
  });
  for (const script of scripts.split(' ')) {
    const [first, name] = script.split(':') as [string, string];
    if (!names.includes(name)) {
      const kin = names.findIndex((known) => known.replaceAll("'", '') === name.replaceAll("'", ''));
      const isLetter = name.includes('+');
      kinds.push({ longest: name < 'a' ? 4 : 1, group: isLetter ? 1 : 3, kin: kin < 0 ? names.length : kin });
      names.push(name);
    }
    classes.fill(names.indexOf(name), Number.parseInt(first, 16));
  }

  const next = new Uint16Array(512 << 6);
  const states = [stateOf(newline, 0, 1)];
  const numbers = new Map(states.map((state, number) => [state, number]));
  for (let from = 0; from < states.length; from++) {
    for (let to = 0; to < kinds.length; to++) {
      const reached = follow(states[from]!, to, kinds);
      let number = numbers.get(reached);
      if (number === undefined) numbers.set(reached, (number = states.push(reached) - 1));
      next[(from << 6) | to] = number << 6;
    }
  }
  return { classes, next, states };
}

const isSign = (kind: number): boolean => kind >= joiner && kind <= other;
const stateOf = (kind: number, after: number, run: number): number => (kind << 8) | (after << 4) | run;

/** The state for a character of class `to` after `state`; all runs longer than the class's longest are one state. */
function follow(state: number, to: number, kinds: readonly Kind[]): number {
  const from = state >> 8;
  const after = (state >> 4) & 15;
  const run = state & 15;
  const { longest, kin } = kinds[to]!;
  if (isSign(from) && isSign(to)) return stateOf(to, from === to ? 4 : 5, Math.min(run + 1, longest));
  if (kinds[from]!.kin === kin) {
    if (to === digit && run === longest) return stateOf(to, 3, 1); // three digits are a token, the fourth starts one
    const isIndent = to === space && after === 0;
    const kept = kin === lower ? after : isIndent || (to !== space && longest > 1) ? 0 : 3;
    return stateOf(to, kept, Math.min(run + 1, longest));
  }
  if (from === upper && kin === lower) return stateOf(to, run === 1 ? 4 : 5, 2); // Word, HTTPServer
  const { group } = kinds[from]!;
  return stateOf(to, to > foreign && group > 0 ? 3 : group, 1);
}
