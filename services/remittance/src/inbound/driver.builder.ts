import { createReadStream } from 'node:fs';
import {
  PayeesChanged,
  PayoutsClosed,
  PayoutsReturned,
  PayoutsReturnedV2,
  PayoutsScheduled,
  PayoutsSent,
  PayoutsSettled,
  RemittancesPosted,
  RequestsApproved,
  RequestsDenied,
  type BodyOf,
  type FactContract,
} from '@remitflow/contracts';
import type { MessagingRuntime } from '@remitflow/messaging';
import { readRemittances, type RemittanceEvent } from '@remitflow/x12';
import type { Said } from '../use-cases/world.builder.ts';

export type Cycle = { complete: boolean; posted: number; paidCents: number; files: string[] };

export type Place = {
  remittanceId: string;
  kind: string;
  path: string;
  byteOffset: number;
  segmentOrdinal: number;
  paidCents: number;
};

type Read = Extract<RemittanceEvent, { kind: 'remittance' }>;

/** The service under test, and how to wait for what it does. */
export type Driven = {
  readonly url: string;
  speakAs(
    service: string,
    says: readonly FactContract[],
    dispatch?: (contract: FactContract, body: object) => Promise<void>,
  ): Promise<MessagingRuntime>;
  eventually<T>(condition: () => Promise<T | undefined>): Promise<T>;
};

/** Those who speak to the service, and what it has said to them. */
export type Driver = Awaited<ReturnType<typeof drive>>;

export async function drive(service: Driven) {
  const posted: BodyOf<typeof RemittancesPosted>[] = [];
  const speakers = {
    validation: await service.speakAs('validation', [PayeesChanged, RequestsApproved, RequestsDenied]),
    payout: await service.speakAs('payout', [
      PayoutsScheduled,
      PayoutsSent,
      PayoutsClosed,
      PayoutsSettled,
      PayoutsReturned,
      PayoutsReturnedV2,
    ]),
  };
  await service.speakAs('intake', [], async (contract, body) => {
    if (contract === RemittancesPosted) posted.push(body as BodyOf<typeof RemittancesPosted>);
  });
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${service.url}${path}`)).json()) as T;
  return {
    posted: posted as readonly BodyOf<typeof RemittancesPosted>[],
    get,
    say: async (facts: readonly Said[]): Promise<void> => {
      for (const { contract, body } of facts) {
        const speaker = contract.saidBy.includes('payout') ? speakers.payout : speakers.validation;
        await speaker.work(async ({ outbox }) => outbox.add(contract, body));
      }
    },
    /** The cycle, once everything in it is explained. */
    completed: (cycleId: string): Promise<Cycle> =>
      service.eventually(async () => {
        const cycle = await get<Cycle>(`/cycles/${cycleId}`);
        return cycle.complete ? cycle : undefined;
      }),
  };
}

/** The one balanced 835 in a file. */
export async function readBack(path: string): Promise<Read> {
  const sets: Read[] = [];
  for await (const event of readRemittances(createReadStream(path))) {
    if (event.kind === 'problem') throw new Error(`${event.problem.code} in the file`);
    if (event.kind === 'remittance') sets.push(event);
  }
  const [first, ...more] = sets;
  if (!first || more.length > 0) throw new Error(`There are ${sets.length} sets in the file.`);
  const [fault] = [...first.balance, ...first.problems];
  if (fault) throw new Error(`The 835 has a fault: ${fault.code}`);
  return first;
}
