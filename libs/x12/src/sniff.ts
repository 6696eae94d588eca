export type Sniffed = 'x12' | 'utf-16' | 'zip' | 'binary' | 'text' | 'empty' | 'json' | 'csv';

/** How many bytes are enough for {@link sniff}. */
export const sniffBytes = 1024;

/** Guesses what a file is from its first bytes. Only a guess: the reader of that format has the last word. */
export function sniff(firstBytes: Uint8Array): Sniffed {
  const bytes = firstBytes.subarray(0, sniffBytes);
  if (isUtf16(bytes)) return 'utf-16';
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0x50, 0x4b, 0x05, 0x06]))
    return 'zip';
  if (bytes.some(isBinary)) return 'binary';

  const text = String.fromCharCode(
    ...(startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes),
  ).trimStart();
  if (text === '') return 'empty';
  if (/^ISA[^A-Za-z0-9\s]/.test(text)) return 'x12';
  if (/^[[{]/.test(text)) return 'json';
  return looksLikeCsv(text) ? 'csv' : 'text';
}

/** A mark, or ASCII with a zero in every other byte. */
function isUtf16(bytes: Uint8Array): boolean {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) return true;
  const zeros = [...bytes.subarray(0, 4)].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  return zeros === 'x0x0' || zeros === '0x0x';
}

/** Two columns or more in the first line, by comma, semicolon, tab or bar. */
const looksLikeCsv = (text: string): boolean =>
  /^"?[A-Za-z_][\w "-]*[,;\t|]/.test(text.slice(0, text.search(/[\r\n]|$/)));

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, place) => bytes[place] === byte);

/** Control characters that no text holds; 0x1A ends files of old systems, 0x1C to 0x1F serve as delimiters. */
const isBinary = (byte: number): boolean =>
  byte < 0x09 || (byte > 0x0d && byte < 0x1a) || byte === 0x1b || byte === 0x7f;
