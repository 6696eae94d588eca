import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PayoutsClosed, PayoutsScheduled, PayoutsSent } from '@remitflow/contracts';
import { strictest, validateAch } from '@remitflow/nacha';
import { eventually } from '@remitflow/testing';
import { aPayee, idOf, openStage, type Stage } from './payout.builder.ts';

describe('closing a cycle', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  }, 60_000);

  afterAll(() => stage.close());

  it('pays every payee once, in one file, and says so', async () => {
    await stage.tellPayees(aPayee(1), aPayee(2), aPayee(3, { status: 'suspended' }));
    await stage.approve(['a', 1, 10_000], ['b', 1, 2_550], ['c', 2, 99], ['d', 3, 700], ['e', 4, 5]);
    await stage.approve(['a', 1, 10_000]);

    const { status, answer } = await stage.ask('/cycles/close', {});
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      status: 'closed',
      payments: 2,
      requests: 3,
      paidCents: 12_649,
      heldBack: {
        payees: 2,
        requests: 2,
        cents: 705,
        reasons: { 'payee-not-active': { cents: 700 }, 'payee-unknown': { cents: 5 } },
      },
    });
    const [path] = answer.nachaFiles as string[];
    const bytes = readFileSync(path!);
    expect(await validateAch(bytes, { severities: strictest })).toMatchObject({
      valid: true,
      problems: [],
      entries: 2,
      creditsCents: 12_649,
    });
    expect(statSync(path!).mode & 0o777).toBe(0o600);
    const visible = readdirSync(stage.outbox).filter((name) => name.endsWith('.ach'));
    expect(visible).toHaveLength(1);
    expect(readFileSync(join(stage.outbox, visible[0]!))).toEqual(bytes);

    await eventually(() => stage.said(PayoutsClosed).length === 1 && stage.said(PayoutsSent).length === 1);
    expect(stage.said(PayoutsClosed)).toMatchObject([{ payments: 2, amountCents: 12_649 }]);
    expect(stage.said(PayoutsScheduled)).toHaveLength(1);

    const request = (await stage.ask(`/requests/${idOf('request/c')}`)).answer;
    const entry = bytes.toString('latin1').split('\n')[request.entryLine - 1];
    expect(entry?.slice(79, 94)).toBe(request.traceNumber);
    expect(entry?.slice(29, 39)).toBe('0000000099');
    expect(request).toMatchObject({ status: 'sent', nachaFile: path, trnReference: request.traceNumber });
  });
});
