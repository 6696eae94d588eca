const headLength = 188;

/** UTF-16 and gzip marks, or a zero byte, at the head of what should be lines of ASCII. */
export function looksBinary(bytes: Uint8Array): boolean {
  const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return marks.has(mark) || bytes.subarray(0, headLength).includes(0);
}

const marks: ReadonlySet<number> = new Set([0xfffe, 0xfeff, 0x1f8b]);
