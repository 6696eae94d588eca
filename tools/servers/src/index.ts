export * from './servers.ts';
export * from './servers-error.ts';
