// An answer says in each of its words who gave it, to which call, in which try, and which word of how many it is. So
// any text that a caller got tells whether it is wholly one member's answer, and to this call.

/** The words of an answer: `m3.17.0.1/4 ` is the first of four of member m3, in its first try for call 17. */
export const wordsOf = ({ member, n, tries, length }) =>
  Array.from({ length }, (_, index) => `${member}.${n}.${tries}.${index + 1}/${length} `);

const word = /^(\w+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/;

/**
 * What a text is: `whole`, `half` of an answer from its beginning, `nothing`, or `mixed`: anything else. With it, who
 * gave the answer, and to which call.
 */
export function readAnswer(text) {
  if (text === '') return { is: 'nothing' };
  const words = text
    .trimEnd()
    .split(' ')
    .map((each) => word.exec(each));
  const [first] = words;
  if (!first) return { is: 'mixed' };
  const [, member, n, , , length] = first;
  const isOne = words.every(
    (each, index) =>
      each !== null &&
      each[1] === member &&
      each[2] === n &&
      each[3] === first[3] &&
      Number(each[4]) === index + 1 &&
      each[5] === length,
  );
  if (!isOne) return { is: 'mixed' };
  return { is: words.length === Number(length) ? 'whole' : 'half', member, n: Number(n) };
}
