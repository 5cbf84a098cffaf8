import type { FileUIPart } from 'ai';

const sentences = [
  'The minutes of the meeting begin with the numbers of the last quarter.',
  'Revenue grew in the north, while the south was held back by late deliveries.',
  'Two suppliers have been replaced, and a third is under review.',
  'The new warehouse opens in May, provided that the inspection goes well.',
  'Support answered most questions within a day; the rest concerned refunds.',
];

/** A document of about so many characters. */
export function documentOf(characters: number): string {
  const paragraphs: string[] = ['Summarize this in one sentence.'];
  for (let length = 0, page = 1; length < characters; page++) {
    const text = `${page}. ${sentences.map((_, index) => sentences[(index + page) % 5]).join(' ')}`;
    paragraphs.push(text);
    length += text.length;
  }
  return paragraphs.join('\n\n');
}

/** A drawn picture, as a file that the reader might have chosen. */
export function pictureOf(): FileUIPart {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [480, 270];
  const context = canvas.getContext('2d')!;
  const sky = context.createLinearGradient(0, 0, 0, 270);
  sky.addColorStop(0, '#1b2a6b');
  sky.addColorStop(0.6, '#e0785c');
  sky.addColorStop(1, '#f6c76f');
  context.fillStyle = sky;
  context.fillRect(0, 0, 480, 270);
  context.fillStyle = '#ffe9b8';
  context.beginPath();
  context.arc(330, 150, 34, 0, 7);
  context.fill();
  for (const [height, colour] of [
    [120, '#5b3a6e'],
    [80, '#33244f'],
    [44, '#181430'],
  ] as const) {
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(0, 270);
    for (let x = 0; x <= 480; x += 8)
      context.lineTo(x, 270 - height - 28 * Math.sin(x / (26 + height / 3) + height));
    context.lineTo(480, 270);
    context.fill();
  }
  return { type: 'file', mediaType: 'image/png', filename: 'hills.png', url: canvas.toDataURL('image/png') };
}
