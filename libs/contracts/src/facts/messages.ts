import { defineFact } from '../define-fact.ts';
import { serviceNames } from '@remitflow/kernel';
import { Id, OneOf, Text } from '../fields.ts';

export class MessagesRedrivenBody {
  @OneOf(serviceNames) service: string;
  @Id() deadLetterId: string;
  /** The message that is processed again: the same id, so nothing can happen twice. */
  @Id() messageId: string;
  @Text(80) factName: string;
  @Text(80) by: string;
}

/** A person sent a parked message back into processing. */
export const MessagesRedriven = defineFact({
  type: 'messages.redriven',
  major: 1,
  body: MessagesRedrivenBody,
  saidBy: serviceNames,
  heardBy: ['audit'],
  subject: (body) => body.messageId,
});
