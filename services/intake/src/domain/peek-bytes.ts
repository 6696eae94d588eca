/** The first bytes of a source, and the whole of it still to be read. */
export async function peekBytes(
  source: AsyncIterable<Uint8Array>,
  length: number,
): Promise<{ first: Buffer; whole: AsyncIterable<Uint8Array> }> {
  const rest = source[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < length) {
    const next = await rest.next();
    if (next.done) break;
    held.push(next.value);
    bytes += next.value.length;
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield* held;
    yield* { [Symbol.asyncIterator]: () => rest };
  };
  return { first: Buffer.concat(held).subarray(0, length), whole: whole() };
}
