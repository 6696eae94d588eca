export * from './private-test-servers.ts';
export * from './provision-database.ts';
export * from './servers.ts';
export * from './servers-error.ts';
