export * from './837/check-claim-file.ts';
export * from './837/claim.ts';
export * from './837/claim-reader.ts';
export * from './837/judge-set.ts';
export {
  packedPlacesOf,
  placeOf,
  placesOf,
  unpackPlaces,
  type ClaimField,
  type ClaimPlaces,
  type PackedPlaces,
} from './837/places.ts';
export * from './837/read-claims.ts';
export * from './837/survey-claims.ts';
export * from './delimiters.ts';
export * from './envelope.ts';
export * from './problem.ts';
export * from './segment.ts';
export * from './sniff.ts';
export { limits, type Limits, type TokenizerOptions } from './segment-scanner.ts';
export * from './tokenizer.ts';
export * from './835/balance.ts';
export * from './835/remittance.ts';
export * from './835/settle.ts';
export * from './835/write-remittance.ts';
export { defaultDelimiters, type OutgoingEnvelope } from './writing/interchange-writer.ts';
export * from './writing/text.ts';
export * from './837/claim-batch.ts';
export * from './837/write-claims.ts';
export * from './835/read-remittances.ts';
