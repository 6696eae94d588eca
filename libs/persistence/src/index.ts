export * from './array-literal.ts';
export * from './database.ts';
export * from './if-all-new.ts';
export * from './migrations.ts';
export * from './transaction.ts';
export * from './transient.ts';
export { EntitySchema } from 'typeorm';
