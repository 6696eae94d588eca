/** A stream handles a piece in microseconds; a file of single lines would measure that. */
export function* inLargePieces(pieces: Iterable<string>): Generator<string> {
  let gathered = '';
  for (const piece of pieces) {
    gathered += piece;
    if (gathered.length < 65_536) continue;
    yield gathered;
    gathered = '';
  }
  yield gathered;
}
