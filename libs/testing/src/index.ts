export * from './eventually.ts';
export * from './recording-outbox.ts';
export * from './test-servers.ts';
export * from './test-service.ts';
