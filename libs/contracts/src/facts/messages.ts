import { defineFact, type FactContract } from '../define-fact.ts';
import { serviceNames } from '@remitflow/kernel';
import { Count, Id, OneOf, Optional, Part, Text, Words } from '../fields.ts';

/** Changed members of an edited message that the audit trail names; there may be more. */
export const editedPathsMax = 50;

const heardByAudit = { saidBy: serviceNames, heardBy: ['audit'] } as const;

export class MessagesRedrivenBody {
  @OneOf(serviceNames) service: string;
  @Id() deadLetterId: string;
  /** The message that is processed again: the same id, so nothing can happen twice. */
  @Id() messageId: string;
  @Text(80) factName: string;
  @Text(80) by: string;
  /** The run that it was part of; absent when it was redriven alone. */
  @Optional() @Id() runId?: string;
}

/** A person sent a parked message back into processing. */
export const MessagesRedriven = defineFact({
  type: 'messages.redriven',
  major: 1,
  body: MessagesRedrivenBody,
  ...heardByAudit,
  subject: (body) => body.messageId,
});

export class MessagesEditProposedBody {
  @OneOf(serviceNames) service: string;
  @Id() proposalId: string;
  @Id() deadLetterId: string;
  @Id() messageId: string;
  @Text(80) factName: string;
  @Text(80) by: string;
  @Text(500) reason: string;
  /** How many members of the message are to change. */
  @Count(1) changes: number;
  /** JSON pointers of the first of them; never a value. */
  @Words(200, editedPathsMax) paths: string[];
}

/** A person wants a parked message to be processed with other words; a second person has to agree. */
export const MessagesEditProposed = defineFact({
  type: 'messages.edit-proposed',
  major: 1,
  body: MessagesEditProposedBody,
  ...heardByAudit,
  subject: (body) => body.messageId,
});

export class MessagesEditedBody {
  @OneOf(serviceNames) service: string;
  @Id() proposalId: string;
  @Id() deadLetterId: string;
  /** The message that was parked, and is processed in its old words no more. */
  @Id() messageId: string;
  /** The message that is processed in its place. */
  @Id() editedMessageId: string;
  @Text(80) factName: string;
  @Text(80) proposedBy: string;
  /** Who agreed; never the one who proposed. */
  @Text(80) by: string;
  @Count(1) changes: number;
}

/** A second person agreed to an edit: the message is processed in its new words, under a new id. */
export const MessagesEdited = defineFact({
  type: 'messages.edited',
  major: 1,
  body: MessagesEditedBody,
  ...heardByAudit,
  subject: (body) => body.messageId,
});

export class MessagesEditRefusedBody {
  @OneOf(serviceNames) service: string;
  @Id() proposalId: string;
  @Id() deadLetterId: string;
  @Id() messageId: string;
  @Text(80) factName: string;
  @Text(80) proposedBy: string;
  @Text(80) by: string;
  @Text(500) reason: string;
}

/** An edit was turned down, or taken back by who proposed it: the message stays parked as it was. */
export const MessagesEditRefused = defineFact({
  type: 'messages.edit-refused',
  major: 1,
  body: MessagesEditRefusedBody,
  ...heardByAudit,
  subject: (body) => body.messageId,
});

export class MessagesDiscardedBody {
  @OneOf(serviceNames) service: string;
  @Id() deadLetterId: string;
  @Id() messageId: string;
  @Text(80) factName: string;
  @Text(80) by: string;
  @Text(500) reason: string;
}

/** A person decided that a parked message is never processed. */
export const MessagesDiscarded = defineFact({
  type: 'messages.discarded',
  major: 1,
  body: MessagesDiscardedBody,
  ...heardByAudit,
  subject: (body) => body.messageId,
});

export class RedrivesStartedBody {
  @OneOf(serviceNames) service: string;
  @Id() runId: string;
  /** How many parked messages it took: no more and no less are redriven. */
  @Count(1) letters: number;
  @Count(1) perSecond: number;
  /** Failures after which it stops by itself. */
  @Count() failureLimit: number;
  @Text(80) by: string;
  @Text(500) reason: string;
}

/** A person began to redrive many parked messages, at a rate and with a canary. */
export const RedrivesStarted = defineFact({
  type: 'redrives.started',
  major: 1,
  body: RedrivesStartedBody,
  ...heardByAudit,
  subject: (body) => body.runId,
});

/** How far a redrive has come. */
export class RedriveCounts {
  @Count() handled: number;
  @Count() failed: number;
  /** Sent, and not at an end yet. */
  @Count() underWay: number;
  /** Not sent. */
  @Count() left: number;
}

export class RedrivesPausedBody {
  @OneOf(serviceNames) service: string;
  @Id() runId: string;
  @Text(80) by: string;
  @Text(500) reason: string;
  @Part(() => RedriveCounts) counts: RedriveCounts;
}

/** A redrive pauses and keeps what it has not sent yet. */
export const RedrivesPaused = defineFact({
  type: 'redrives.paused',
  major: 1,
  body: RedrivesPausedBody,
  ...heardByAudit,
  subject: (body) => body.runId,
});

export class RedrivesStoppedBody {
  @OneOf(serviceNames) service: string;
  @Id() runId: string;
  /** Who did it; absent when the run stopped by itself. */
  @Optional() @Text(80) by?: string;
  @Text(500) reason: string;
  @Part(() => RedriveCounts) counts: RedriveCounts;
}

/** A redrive was stopped, by a person or by too many failures: what it has not sent is open again. */
export const RedrivesStopped = defineFact({
  type: 'redrives.stopped',
  major: 1,
  body: RedrivesStoppedBody,
  ...heardByAudit,
  subject: (body) => body.runId,
});

export class RedrivesResumedBody {
  @OneOf(serviceNames) service: string;
  @Id() runId: string;
  @Text(80) by: string;
  @Text(500) reason: string;
  /** How many parked messages it has still to send. */
  @Count(1) letters: number;
}

/** A redrive that was paused or stopped goes on, with its canary from the start. */
export const RedrivesResumed = defineFact({
  type: 'redrives.resumed',
  major: 1,
  body: RedrivesResumedBody,
  ...heardByAudit,
  subject: (body) => body.runId,
});

export class RedrivesFinishedBody {
  @OneOf(serviceNames) service: string;
  @Id() runId: string;
  @Part(() => RedriveCounts) counts: RedriveCounts;
}

/** Everything that a redrive took came to an end. */
export const RedrivesFinished = defineFact({
  type: 'redrives.finished',
  major: 1,
  body: RedrivesFinishedBody,
  ...heardByAudit,
  subject: (body) => body.runId,
});

export class RetriesHurriedBody {
  @OneOf(serviceNames) service: string;
  @Id() messageId: string;
  @Text(80) factName: string;
  @Text(80) by: string;
}

/** A person had a message tried again at once instead of when it was due. */
export const RetriesHurried = defineFact({
  type: 'retries.hurried',
  major: 1,
  body: RetriesHurriedBody,
  ...heardByAudit,
  subject: (body) => body.messageId,
});

export class RetriesCancelledBody {
  @OneOf(serviceNames) service: string;
  @Id() messageId: string;
  /** Where the message is parked since. */
  @Id() deadLetterId: string;
  @Text(80) factName: string;
  @Text(80) by: string;
  @Text(500) reason: string;
}

/** A person ended the tries of a message; it is parked, so that nothing is lost. */
export const RetriesCancelled = defineFact({
  type: 'retries.cancelled',
  major: 1,
  body: RetriesCancelledBody,
  ...heardByAudit,
  subject: (body) => body.messageId,
});

/** What people who operate messages do: said by every service, whatever else it says. */
export const operatingFacts: readonly FactContract[] = [
  MessagesRedriven,
  MessagesEditProposed,
  MessagesEdited,
  MessagesEditRefused,
  MessagesDiscarded,
  RedrivesStarted,
  RedrivesPaused,
  RedrivesResumed,
  RedrivesStopped,
  RedrivesFinished,
  RetriesHurried,
  RetriesCancelled,
];
