/** As a smallint holds them, which has a sign. */
export function placesAsStored(places: Uint16Array): Int16Array {
  const stored = new Int16Array(places.length);
  for (let at = 0; at < places.length; at += 1) stored[at] = places[at]! - 32_768;
  return stored;
}
