export * from './eventually.ts';
export * from './planned-transaction.ts';
export * from './recording-outbox.ts';
export * from './test-servers.ts';
export * from './test-service.ts';
export { aHeldBody, anEnvelopeOfHeld, TwoServices } from './two-services.ts';
