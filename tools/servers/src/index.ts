export * from './diagnose.ts';
export * from './private-test-servers.ts';
export * from './processes/process-records.ts';
export * from './processes/supervise-process.ts';
export * from './provision-database.ts';
export * from './servers.ts';
export * from './servers-error.ts';
export { choosePorts, isPortFree, requirePort } from './machine/ports.ts';
export { openStateFolder, rememberedPorts, rememberPorts, secret } from './state-folder.ts';
