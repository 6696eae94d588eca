export * from './canonical-json.ts';
export * from './cents.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './npi.ts';
export * from './plain-date.ts';
export * from './result.ts';
