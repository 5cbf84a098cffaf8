import * as fc from 'fast-check';

/** What the split patterns tell apart, and what is next to it. */
const characters = [
  ..."abSsTtRrEelLmMDdvV'’ſ\u212aǅʰªéÉß中文がก\u0e34\u0e31123٣Ⅷ½ \t\n\r\v\0.,/!-_，。\u0301\u0488\u0903\u0345",
  ...'\u0085\u2028\u2029\u00a0\u3000\ufeff\u180e\u200d\ue000😀🏽\u{20000}\u{10400}\u{10428}\u{1d7ce}\u{1d165}\u{f0000}',
  '👨‍👩‍👧',
  '👩🏽‍💻',
  '\ud83d',
  '\ude00',
  '\ud800',
  '\udfff',
];

const words = [
  ..."the| of| don't| I'LL|HTTPServer| Über|straße| 日本語|한국어| العربية|หนังสือ|'s|'Re|'ſ".split('|'),
  ...'\n\n|\r\n|    |\t\t|https://example.com/a?b=c|12345.678|==|...|// |();\n'.split('|'),
  '<|endoftext|>',
  '<|endofprompt|>',
  '<|fim_prefix|>',
];

/** Short texts aimed at the edges of the split patterns; js-tiktoken, which they go to, is slow. */
export const trickyText: fc.Arbitrary<string> = fc.oneof(
  ofSome(characters, 24),
  ofSome([...characters, ...words], 16),
  fc.string({ unit: 'binary', maxLength: 24 }),
);

/** Of all the parts, or, more likely to make something of them, of a few. */
function ofSome(parts: readonly string[], maxLength: number): fc.Arbitrary<string> {
  const few = fc.uniqueArray(fc.constantFrom(...parts), { minLength: 1, maxLength: 5 });
  return fc
    .oneof(fc.constant(parts), few)
    .chain((chosen) => fc.array(fc.constantFrom(...chosen), { maxLength }))
    .map((chosen) => chosen.join(''));
}

/** The first article of the Universal Declaration of Human Rights, or a sentence of the kind. */
export const multilingual: readonly string[] = [
  "All human beings are born free and equal in dignity and rights. They're endowed with reason, aren't they?",
  'Alle Menschen sind frei und gleich an Würde und Rechten geboren.',
  'Tous les êtres humains naissent libres et égaux en dignité et en droits.',
  'Todos los seres humanos nacen libres e iguales en dignidad y derechos. ¿No es así?',
  'Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti.',
  'Todos os seres humanos nascem livres e iguais em dignidade e em direitos.',
  'Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.',
  'Все люди рождаются свободными и равными в своём достоинстве и правах.',
  'Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.',
  'Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. İSTANBUL ve Iğdır.',
  'Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi.',
  'يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق، وقد وُهبوا عقلاً وضميرًا.',
  'כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.',
  'सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।',
  'সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে।',
  'மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்.',
  'มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ',
  '人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。',
  'すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。',
  '모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.',
  'ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით.',
  'Բոլոր մարդիկ ծնվում են ազատ ու հավասար՝ իրենց արժանապատվությամբ ու իրավունքներով։',
];

/** Texts of `length` UTF-16 units without a place to cut, or with nothing else. */
export const runs: Readonly<Record<string, (length: number) => string>> = {
  letters: (length) => 'a'.repeat(length),
  capitals: (length) => 'A'.repeat(length),
  words: (length) => cycle('qzxjkvwpy', length),
  blanks: (length) => ' '.repeat(length),
  newlines: (length) => '\n'.repeat(length),
  'blanks and newlines': (length) => cycle(' \n', length),
  symbols: (length) => '='.repeat(length),
  digits: (length) => cycle('3141592653589', length),
  base64: (length) => cycle('aG9yc2UgYmF0dGVyeSBzdGFwbGU+/9Zz', length),
  chinese: (length) => cycle('人人生而自由在尊严和权利上一律平等他们赋有理性', length),
  thai: (length) => cycle('มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน', length),
  emoji: (length) => cycle('😀🎉', length),
  'letters beyond the basic plane': (length) => cycle('\u{20000}\u{20001}\u{2a6d6}', length),
  marks: (length) => '\u0301'.repeat(length),
  'a mark and capitals': (length) => cycle('\u0301ABCDEFG', length),
  'lone surrogates': (length) => '\ud800'.repeat(length),
  alternating: (length) => cycle('a ', length),
};

function cycle(pattern: string, length: number): string {
  return pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length);
}
