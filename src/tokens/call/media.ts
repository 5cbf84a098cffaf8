import { roundUp } from '../estimators/ratio.ts';
import { versionOf, type Vendor } from '../vendor.ts';

/**
 * A file in a prompt, such as an image, a PDF or a recording, as it is passed to a `mediaTokens` function.
 *
 * @example
 * ```ts
 * import { cascade, type Medium } from 'ai-alloy';
 * import { openai } from '@ai-sdk/openai';
 *
 * const smallImages = ({ kind }: Medium): number | undefined => (kind === 'image' ? 1_500 : undefined);
 *
 * export const model = cascade({
 *   mediaTokens: smallImages, // for every step; undefined: use the built-in rules
 *   steps: [{ model: openai('gpt-5'), contextWindow: 400_000 }],
 * });
 * ```
 */
export interface Medium {
  readonly kind: 'image' | 'pdf' | 'audio' | 'video' | 'text' | 'file';
  /** The media type, such as `image/png`, else the type of the part: `image`, `image-url`, `file`. In lower case. */
  readonly mediaType: string;
  /** Size in bytes (for base64, up to two too many); undefined for a URL or a provider's file id. */
  readonly bytes: number | undefined;
  /** The data in the part: a Uint8Array, a base64 string, a URL; undefined for a provider's file id. */
  readonly data: unknown;
}

/** The model that is to read a medium. */
export interface MediaModel {
  readonly vendor: Vendor;
  readonly modelId: string;
}

/** Counts the tokens of a medium for a model. Returns undefined to use the built-in rules. */
export type MediaTokens = (medium: Medium, model: MediaModel) => number | undefined;

type Part = Readonly<Record<string, any>>; // parts of four specifications, read by shape

/** The medium in a part: V1 has `image` and `mimeType`, V4 tags its data, V3's tool results have `url`. */
export function mediumOf(part: Part): Medium {
  const held = part['image'] ?? part['data'] ?? part['url'];
  const data: unknown = held?.type ? (held.data ?? held.url) : held;
  const said = part['mediaType'] ?? part['mimeType'];
  const mediaType = String(said || typeIn(data) || part['type']).toLowerCase();
  return { kind: kindOf(mediaType), mediaType, bytes: byteLengthOf(data), data };
}

/** The media type that the data themselves tell: that of a data URL, or of an image by its first bytes. */
function typeIn(data: unknown): string | undefined {
  const text = data instanceof URL ? data.href : data;
  if (data instanceof Uint8Array) return typeIn(btoa(String.fromCharCode(...data.subarray(0, 12))));
  if (typeof text !== 'string') return undefined;
  return /^data:([\w.+-]+\/[\w.+-]+)/i.exec(text)?.[1] ?? (imageInBase64.test(text) ? 'image/*' : undefined);
}

/** How PNG, JPEG, GIF, WebP, TIFF, AVIF and HEIC begin, in base64. */
const imageInBase64 = /^(?:iVBORw0|[/_]9j[/_]|R0lGOD|UklGR.{6}XRUJQ|SUkqA|TU0AK|AAAA..Z0eXB(?:hdm|oZ|taWYx))/;

const textTypes =
  /^text\b|[/+](x-)?(json|jsonl|ndjson|xml|ya?ml|toml|csv|sql|graphql|(java|type)script|python|ruby|perl|sh|latex)\b/;

function kindOf(mediaType: string): Medium['kind'] {
  if (textTypes.test(mediaType)) return 'text';
  const [kind] = /^(image|audio|video)|pdf/.exec(mediaType) ?? ['file'];
  return kind as Medium['kind'];
}

/** The text of a text file; undefined if the call only has a URL or an id, or if the bytes aren't UTF-8. */
export function textOfFile({ kind, bytes, data }: Medium): string | undefined {
  if (kind !== 'text' || bytes === undefined) return undefined;
  try {
    const held = typeof data === 'string' ? bytesOf(data) : (data as Uint8Array);
    return new TextDecoder('utf-8', { fatal: true }).decode(held);
  } catch {
    return undefined;
  }
}

/** The bytes of base64 (also of its URL alphabet), or of a data URL. */
function bytesOf(base64: string): Uint8Array {
  const data = base64.startsWith('data:') ? base64.slice(base64.indexOf(',') + 1) : base64;
  const binary = atob(data.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The size of data in bytes. A string is base64 unless it looks like a URL (other than a data URL) or a provider's file id. */
// `any`: read by shape, since it may be an ArrayBuffer of another realm.
function byteLengthOf(data: any): number | undefined {
  const text = data instanceof URL ? data.href : data;
  if (typeof text !== 'string') return text?.byteLength;
  const isElsewhere = /^(?!data:)[\w+.-]{1,32}:|^(file|assistant)-[\w-]{1,100}$/i.test(text);
  return isElsewhere ? undefined : Math.ceil(text.length * 0.75);
}

/**
 * Tokens to charge for a medium: one upper bound per kind, since providers charge by dimensions, pages or seconds, which
 * aren't read here (`ai-alloy/media` reads dimensions). From the vendors' documentation as of 2026:
 *
 * - an image: the vendor's maximum, see `perImage`;
 * - text: as `byteRatio()`;
 * - anything else: a token per 16 bytes, at least 4,784. PDF: up to 3,000 per page (Anthropic), of some
 *   50 kB; audio: 32 per second (Gemini), of 2 kB or more; video: 263 per second (Gemini), of 30 kB or more;
 * - of unknown size: 30,000, ten pages.
 */
export function mediumTokens({ kind, bytes }: Medium, { vendor, modelId }: MediaModel): number {
  if (kind === 'image') return perImage(vendor, modelId.toLowerCase());
  if (kind === 'text') return roundUp(((bytes ?? 90_000) * 1.15) / 3);
  return bytes === undefined ? 30_000 : Math.max(imageOfAnyone, Math.ceil(bytes / 16));
}

const imageOfAnyone = 4784;

/** The maximum tokens of an image; `media/image-tokens.ts` has the rules and sources behind these (2026). */
function perImage(vendor: Vendor, modelId: string): number {
  const version = versionOf(modelId);
  // 1,568 and 4,784 patches, measured as up to 1,596, and a frame of up to 77 tokens.
  if (vendor === 'anthropic') return version > 406 ? 4864 : 1680;
  if (vendor === 'google') return version < 300 ? 8000 : 1120; // 12 megapixels: 31 tiles; a budget
  if (vendor !== 'openai') return imageOfAnyone;
  if (/4o-mini/.test(modelId)) return 48_169; // 8 tiles of 5,667
  // 12 megapixels in patches: GPT-5.6 and 6 scale nothing down that has fewer than 30,000 of them.
  if (version > 505 && !/\bo[134]\b/.test(modelId)) return 14_400;
  return version === 505 || /mini|nano|codex|5\.[2-4]/.test(modelId) ? 12_000 : 1445; // patches, or 8 tiles of 170
}
