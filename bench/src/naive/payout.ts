import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload, RmqContext } from '@nestjs/microservices';
import { DataSource, IsNull } from 'typeorm';
import { LedgerTransfer, Payable, Payment } from './entities.ts';
import type { Decided } from './messages.ts';
import { acknowledged, Facts, inTwenties } from './wiring.ts';

@Controller()
export class Payout {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(Facts) private readonly facts: Facts,
  ) {}

  @EventPattern<string>('request.approved')
  approved(@Payload() decided: Decided, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#owe(decided));
  }

  async #owe({ requestId, payeeId, paidCents }: Decided): Promise<void> {
    await this.database.getRepository(Payable).save({ requestId, payeeId, amountCents: paidCents });
    await this.database.getRepository(LedgerTransfer).save({
      kind: 'approved',
      aboutId: requestId,
      debitAccount: 'claims expense',
      creditAccount: 'payable',
      amountCents: paidCents,
    });
  }

  /** One payment for each payee over everything it is owed, and a bank file. */
  async close(folder: string): Promise<void> {
    const owed = await this.database.getRepository(Payable).findBy({ paymentId: IsNull() });
    const byPayee = new Map<string, Payable[]>(owed.map(({ payeeId }) => [payeeId, []]));
    for (const payable of owed) byPayee.get(payable.payeeId)!.push(payable);
    const lines: string[] = [];
    for (const [payeeId, payables] of byPayee) lines.push(await this.#pay(payeeId, payables));
    await writeFile(join(folder, `naive-${Date.now()}.ach`), lines.join('\n'));
  }

  async #pay(payeeId: string, payables: readonly Payable[]): Promise<string> {
    const amountCents = payables.reduce((sum, { amountCents }) => sum + Number(amountCents), 0);
    const trace = `12104288${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
    const requestCount = payables.length;
    const payment = await this.database
      .getRepository(Payment)
      .save({ payeeId, amountCents, requestCount, trace });
    await inTwenties(payables, async ({ id, requestId, amountCents: cents }) => {
      await this.database.getRepository(Payable).update(id, { paymentId: payment.id });
      await this.facts.say('payout.scheduled', {
        requestId,
        paymentId: payment.id,
        payeeId,
        amountCents: Number(cents),
      });
    });
    await this.facts.say('payout.sent', { paymentId: payment.id, payeeId, amountCents, requestCount, trace });
    return `622021000021${'1234567'.padEnd(17)}${String(amountCents).padStart(10, '0')}${payeeId.slice(0, 15)}${'PAYEE'.padEnd(22)}  1${trace}`;
  }
}
