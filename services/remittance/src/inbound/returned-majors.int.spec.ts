import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  formsOf,
  PayoutsReturned,
  PayoutsReturnedV2,
  type FactContract,
  type PayoutsReturnedV2Body,
} from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import {
  encodeBody,
  factsExchange,
  queueOf,
  type Envelope,
  type InFlight,
  type MessagingRuntime,
  type TransactionOutbox,
} from '@remitflow/messaging';
import { callManagement, eventually, openTestService, type TestService } from '@remitflow/testing';
import { remittance, RemittanceModule } from '../remittance.module.ts';
import { world } from '../use-cases/world.builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'remittance-'));
let service: TestService;
let payout: MessagingRuntime;
/** What services that are deployed on their own have heard: validation, which is still at the first major, and audit. */
const heard: { by: 'validation' | 'audit'; fact: string; body: object }[] = [];

beforeAll(async () => {
  service = await openTestService(
    { definition: remittance, module: RemittanceModule },
    { REMITTANCES_DIR: folder },
  );
  payout = await service.speakAs('payout', [PayoutsReturned, PayoutsReturnedV2]);
  for (const by of ['validation', 'audit'] as const) {
    await service.speakAs(by, [], async ({ name }: FactContract, body: object) => {
      heard.push({ by, fact: name, body });
    });
  }
}, 60_000);

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

/** A payment that is sent back, as the speaker knows it, in the forms that it is said in. */
function aReturn(change: Partial<PayoutsReturnedV2Body['payments'][number]> = {}) {
  const [payment] = (world(1).returned.body as PayoutsReturnedV2Body).payments;
  const body = { payments: [{ ...payment!, ...change }] };
  const [newer, older] = formsOf(PayoutsReturnedV2, body).map((form) => form.body) as [object, object];
  return { paymentId: payment!.paymentId, newer, older };
}

const returnsOf = (paymentId: string) =>
  service.database.query<{ code: string | null; sentBackBy: string }>(
    `select return_code as code, sent_back_by as "sentBackBy" from returns where payment_id = $1`,
    [paymentId],
  );

const inboxOf = (fact: string, outcome: string) =>
  service.database.query(`select 1 from inbox where fact_name = $1 and outcome = $2`, [fact, outcome]);

const known = (paymentId: string) =>
  eventually(async () => {
    const [row] = await returnsOf(paymentId);
    return row;
  });

/** A message of the first major as it lies in a table or a queue since before the service moved on. */
function inFlight(body: object): { envelope: Envelope; bytes: Buffer } {
  const { bytes, digest } = encodeBody(body);
  const id = uuidV7();
  const time = new Date().toISOString();
  const envelope = {
    id,
    type: PayoutsReturned.name,
    source: 'payout',
    subject: id,
    time,
    correlationId: id,
    digest,
  };
  return { envelope, bytes };
}

type Told = { hears: string[]; readsOlder: string[]; inFlight: InFlight[] };

describe('payouts.returned in two majors', () => {
  it('is said in both, and each service hears the one that it is at, once', async () => {
    const { newer, older, paymentId } = aReturn();
    await payout.work(async ({ outbox }) => {
      for (const form of formsOf(PayoutsReturnedV2, newer as PayoutsReturnedV2Body)) {
        outbox.add(form.contract, form.body, { key: paymentId });
      }
    });
    expect(await known(paymentId)).toEqual({ code: 'R03', sentBackBy: 'payees-bank' });
    await eventually(() => heard.length === 3);
    expect(heard).toEqual(
      expect.arrayContaining([
        { by: 'validation', fact: 'payouts.returned.v1', body: older },
        { by: 'audit', fact: 'payouts.returned.v1', body: older },
        { by: 'audit', fact: 'payouts.returned.v2', body: newer },
      ]),
    );
    expect(await inboxOf('payouts.returned.v2', 'done')).toHaveLength(1);
    expect(await inboxOf('payouts.returned.v1', 'done')).toHaveLength(0);
  });

  it('is read as the second when the first was in the queue, or is published again to this service alone', async () => {
    const queued = aReturn({ sentBackBy: 'own-bank', returnCode: undefined });
    const resent = aReturn();
    const { pathname } = new URL(service.brokerUrl);
    const bindings = `/api/bindings${pathname}/e/${factsExchange}/q/${queueOf('remittance')}`;
    await callManagement('POST', bindings, { routing_key: PayoutsReturned.name });
    try {
      await payout.work(async ({ outbox }) => outbox.add(PayoutsReturned, queued.older as never));
      expect(await known(queued.paymentId)).toEqual({ code: null, sentBackBy: 'own-bank' });
    } finally {
      await callManagement('DELETE', `${bindings}/${PayoutsReturned.name}`);
    }
    await payout.work(async ({ outbox }) =>
      (outbox as TransactionOutbox).addFor('remittance', {
        id: uuidV7(),
        contract: PayoutsReturned,
        body: resent.older,
      }),
    );
    expect(await known(resent.paymentId)).toEqual({ code: 'R03', sentBackBy: 'payees-bank' });
    expect(await inboxOf('payouts.returned.v1', 'done')).toHaveLength(2);
  });

  it('is read as the second when the first was waiting for another try', async () => {
    const { older, paymentId } = aReturn();
    const { envelope, bytes } = inFlight(older);
    await service.database.transaction((tx) =>
      tx.execute(
        `insert into retries (message_id, envelope, body, attempts, attempt_count, due_at)
         values ($1, $2, $3, '[]', 0, now())`,
        [envelope.id, JSON.stringify(envelope), bytes],
      ),
    );
    expect(await known(paymentId)).toEqual({ code: 'R03', sentBackBy: 'payees-bank' });
    await eventually(async () => (await service.database.query(`select 1 from retries`)).length === 0);
  });

  it('is read as the second when the first was parked, and a person redrives it', async () => {
    const { older, paymentId } = aReturn();
    const { envelope, bytes } = inFlight(older);
    const deadLetterId = uuidV7();
    await service.database.transaction(async (tx) => {
      await tx.execute(
        `insert into inbox (message_id, said_at, fact_name, digest, outcome) values ($1, $2, $3, $4, 'parked')`,
        [envelope.id, envelope.time, envelope.type, Buffer.from(envelope.digest, 'hex')],
      );
      await tx.execute(
        `insert into dead_letters
           (dead_letter_id, message_id, fact_name, fingerprint, error_code, error_text, attempts, envelope, body, state)
         values ($1, $2, $3, 'f', 'code', '', '[]', $4, $5, 'open')`,
        [deadLetterId, envelope.id, envelope.type, JSON.stringify(envelope), bytes],
      );
    });
    const redriven = await fetch(`${service.url}/ops/dead-letters/${deadLetterId}/redrive`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'ada' }),
    });
    expect(redriven.ok).toBe(true);
    expect(await known(paymentId)).toEqual({ code: 'R03', sentBackBy: 'payees-bank' });
  });

  it('leads to one return when both forms of it come', async () => {
    const { newer, older, paymentId } = aReturn({ returnCode: 'R09' });
    const toThisServiceAlone = (contract: FactContract, body: object) =>
      payout.work(async ({ outbox }) =>
        (outbox as TransactionOutbox).addFor('remittance', { id: uuidV7(), contract, body }),
      );
    const before = (await inboxOf('payouts.returned.v2', 'done')).length;
    await toThisServiceAlone(PayoutsReturned, older);
    await known(paymentId);
    await toThisServiceAlone(PayoutsReturnedV2, newer);
    await eventually(async () => (await inboxOf('payouts.returned.v2', 'done')).length > before);
    expect(await returnsOf(paymentId)).toEqual([{ code: 'R09', sentBackBy: 'payees-bank' }]);
  });

  it('is told of as long as anything of it is in flight', async () => {
    const { envelope, bytes } = inFlight(aReturn().older);
    await service.database.transaction((tx) =>
      tx.execute(
        `insert into retries (message_id, envelope, body, attempts, attempt_count, due_at)
         values ($1, $2, $3, '[]', 0, now() + interval '1 hour')`,
        [envelope.id, JSON.stringify(envelope), bytes],
      ),
    );
    const told = await eventually(async () => {
      const answer = (await (await fetch(`${service.url}/ops/contracts`)).json()) as Told;
      const [first] = answer.inFlight.filter(({ fact }) => fact === 'payouts.returned.v1');
      // What was redriven above is out of the outbox as soon as it is receipted.
      return first?.outbox === 0 ? { ...answer, first } : undefined;
    });
    expect(told.hears).toContain('payouts.returned.v2');
    expect(told.readsOlder).toEqual(['payouts.returned.v1']);
    expect(told.first).toMatchObject({ awaiting: [], retries: 1, deadLetters: 0 });
  });

  it('is not supported by a service that is still at the first', async () => {
    const { newer } = aReturn();
    const firsts = () => heard.filter(({ fact }) => fact === 'payouts.returned.v1');
    const before = firsts().length;
    await payout.work(async ({ outbox }) =>
      (outbox as TransactionOutbox).addFor('validation', {
        id: uuidV7(),
        contract: PayoutsReturnedV2,
        body: newer,
      }),
    );
    await payout.work(async ({ outbox }) => outbox.add(PayoutsReturned, aReturn().older as never));
    await eventually(() => firsts().length === before + 2);
    expect(heard.filter(({ by, fact }) => by === 'validation' && fact !== 'payouts.returned.v1')).toEqual([]);
  });
});
