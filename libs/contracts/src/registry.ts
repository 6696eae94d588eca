import type { FactContract } from './define-fact.ts';
import type { ServiceName } from '@remitflow/kernel';
import {
  MessagesDiscarded,
  MessagesEdited,
  MessagesEditProposed,
  MessagesEditRefused,
  MessagesRedriven,
  RedrivesFinished,
  RedrivesPaused,
  RedrivesResumed,
  RedrivesStarted,
  RedrivesStopped,
  RetriesCancelled,
  RetriesHurried,
} from './facts/messages.ts';
import { PayeesChanged } from './facts/payees.ts';
import {
  AccountsChangeNoticed,
  PayoutsClosed,
  PayoutsReturned,
  PayoutsScheduled,
  PayoutsSent,
  PayoutsSettled,
} from './facts/payouts.ts';
import { PayoutsReturnedV2 } from './facts/payouts-returned.ts';
import { RemittancesPosted } from './facts/remittances.ts';
import {
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  RequestsSubmitted,
} from './facts/requests.ts';
import { SubmissionsFailed, SubmissionsReceived } from './facts/submissions.ts';

/** Every fact there is, in the order in which a request meets them: this list is the process. */
export const facts: readonly FactContract[] = [
  PayeesChanged, // who may be paid, and where to
  SubmissionsReceived, // a file came in
  SubmissionsFailed, // … that could not be read
  RequestsSubmitted, // … or was cut into requests
  RequestsRejected, // the provider has to mend it
  RequestsHeld, // a person has to decide
  RequestsDenied, // the contract pays nothing
  RequestsApproved, // the contract pays this much
  PayoutsScheduled, // the cycle it is paid in
  PayoutsSent, // the file it left in
  PayoutsClosed, // the cycle is over
  PayoutsSettled, // the bank paid
  PayoutsReturned, // the payee's bank sent it back
  PayoutsReturnedV2, // … or our own bank never took it
  AccountsChangeNoticed, // … or wants other details next time
  RemittancesPosted, // the 835 that explains it
  MessagesRedriven, // what operators did about a parked message
  MessagesEditProposed, // … that is to be processed in other words
  MessagesEdited, // … with a second person's consent
  MessagesEditRefused, // … or without it
  MessagesDiscarded, // … that is never processed
  RedrivesStarted, // … and about many of them
  RedrivesPaused,
  RedrivesResumed,
  RedrivesStopped,
  RedrivesFinished,
  RetriesHurried, // … and about messages that are tried again later
  RetriesCancelled,
];

const byName = new Map(facts.map((fact) => [fact.name, fact]));

export const findFact = (name: string): FactContract | undefined => byName.get(name);

export const factsHeardBy = (service: ServiceName): readonly FactContract[] =>
  facts.filter((fact) => fact.heardBy.includes(service));

export const factsSaidBy = (service: ServiceName): readonly FactContract[] =>
  facts.filter((fact) => fact.saidBy.includes(service));
