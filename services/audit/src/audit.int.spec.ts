import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MessagesRedriven } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { audit, AuditModule } from './audit.module.ts';

describe('audit', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await openTestService({ definition: audit, module: AuditModule });
  }, 60_000);

  afterAll(() => service.close());

  const rowsOf = (table: string) => service.database.query(`select * from ${table}`);

  it('remembers every fact', async () => {
    const payout = await service.speakAs('payout', []);
    const id = await payout.work(async ({ outbox }) =>
      outbox.add(MessagesRedriven, {
        service: 'payout',
        deadLetterId: uuidV7(),
        messageId: uuidV7(),
        factName: 'x',
        by: 'y',
      }),
    );
    await eventually(async () => (await rowsOf('events')).length === 1);
    expect(await rowsOf('events')).toMatchObject([{ event_id: id }]);
  });

  it('parks what its handler cannot take, under the error it threw', async () => {
    const validation = await service.speakAs('validation', []);
    await service.database.query(
      `insert into events values ('6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a10', 'taken')`,
    );
    await service.database.query(
      `alter table events add constraint refuse check (fact_name <> 'messages.redriven.v1') not valid`,
    );
    await validation.work(async ({ outbox }) =>
      outbox.add(MessagesRedriven, {
        service: 'validation',
        deadLetterId: uuidV7(),
        messageId: uuidV7(),
        factName: 'x',
        by: 'y',
      }),
    );
    await eventually(async () => (await rowsOf('dead_letters')).length === 1);
    expect(await rowsOf('dead_letters')).toMatchObject([{ error_code: '23514' }]);
  });
});
