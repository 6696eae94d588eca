/** As a smallint holds them, which has a sign. */
export const placesAsStored = (places: Uint16Array): Int16Array =>
  Int16Array.from(places, (place) => place - 32_768);
