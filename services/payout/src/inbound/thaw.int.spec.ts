import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangedPayee } from '@remitflow/contracts';
import { Database } from '@remitflow/persistence';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import fc from 'fast-check';
import { payout, PayoutModule } from '../payout.module.ts';
import { AccountNumbers } from '../outbound/account-numbers.ts';
import { PayeeStore } from '../outbound/payee.store.ts';
import { recordPayees } from '../use-cases/record-payees.ts';
import { aPayee, aRail, idOf, openStage, type Stage } from './payout.builder.ts';

type Status = 'active' | 'suspended';
type Event = { kind: 'freeze' } | { kind: 'fact'; changes: { version: number; status: Status }[] };

describe('an account that a return froze', () => {
  let stage: Stage<TestService>;
  let numbers: AccountNumbers;
  let database: Database;
  let round = 0;

  beforeAll(async () => {
    const rail = aRail();
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    stage = await openStage(opened, rail, eventually);
    numbers = opened.app.get(AccountNumbers);
    database = opened.app.get(Database);
  }, 60_000);

  afterAll(() => stage.close());

  const aChange = ({ version, status }: { version: number; status: Status }): ChangedPayee => {
    const payee = aPayee(round, { version });
    return { ...payee, account: { ...payee.account!, status } };
  };

  /** Whether the account can be paid after these events, each in a transaction of its own. */
  const isPayableAfter = async (...events: Event[]): Promise<boolean> => {
    round += 1;
    const accountId = idOf(`account/${round}`);
    const first: Event = { kind: 'fact', changes: [{ version: 1, status: 'active' }] };
    for (const event of [first, ...events]) {
      await database.transaction(async (tx) => {
        const payees = new PayeeStore(tx);
        if (event.kind === 'freeze') await payees.freeze([accountId], new Date());
        else await recordPayees({ payees, numbers }, event.changes.map(aChange));
      });
    }
    const [row] = await stage.rows(
      `select status = 'active' and frozen_at is null as payable from accounts where account_id = '${accountId}'`,
    );
    return row!.payable;
  };

  const freeze: Event = { kind: 'freeze' };
  const fact = (...changes: [number, Status][]): Event => ({
    kind: 'fact',
    changes: changes.map(([version, status]) => ({ version, status })),
  });

  it('is thawed when it was suspended for it and is active again, in whatever order that is heard', async () => {
    const history: [number, Status][] = [
      [2, 'active'],
      [3, 'suspended'],
      [4, 'suspended'],
      [5, 'active'],
      [6, 'active'],
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(history, { minLength: 5 }),
        fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        async (order, cuts) => {
          const facts: [number, Status][][] = [[]];
          for (const [n, change] of order.entries()) {
            if (cuts[n]) facts.push([]);
            facts.at(-1)!.push(change);
          }
          const said = facts.filter((changes) => changes.length > 0).map((changes) => fact(...changes));
          expect(await isPayableAfter(freeze, ...said)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it.each([
    ['by changes that have nothing to do with it', [freeze, fact([2, 'active']), fact([3, 'active'])]],
    ['while it is suspended', [freeze, fact([3, 'suspended']), fact([2, 'active'])]],
    [
      'by an end of an earlier suspension',
      [fact([2, 'suspended'], [3, 'active']), freeze, fact([4, 'active'])],
    ],
    ['by an earlier suspension that is heard late', [fact([3, 'active']), freeze, fact([2, 'suspended'])]],
    [
      'when it is suspended again',
      [freeze, fact([2, 'suspended']), fact([3, 'active']), fact([4, 'suspended'])],
    ],
  ])('is not thawed %s', async (_, events) => {
    expect(await isPayableAfter(...events)).toBe(false);
  });

  it('is thawed when it was suspended already at that time', async () => {
    expect(await isPayableAfter(fact([2, 'suspended']), freeze, fact([3, 'active']))).toBe(true);
  });
});
