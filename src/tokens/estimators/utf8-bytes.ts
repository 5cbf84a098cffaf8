/** The most UTF-8 bytes of one UTF-16 unit: three for one unit, four for a pair. */
export const bytesPerUnit: number = 3;

/** UTF-8 bytes of `text`; a lone surrogate is sent as U+FFFD, three bytes. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
  }
  return bytes;
}
