import { uuidV5 } from '@remitflow/kernel';

/** A message is parked under the same id however often it is parked. */
export const deadLetterIdOf = (messageId: string): string => uuidV5(messageId, 'dead letter');
