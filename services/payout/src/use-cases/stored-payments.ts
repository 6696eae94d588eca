import type { StoredPayment } from '../domain/cycle.ts';
import type { ClosingNeeds } from './closing.ts';

const paymentsPerPage = 1_000;

/** The payments of a cycle, as they were numbered, some in memory at a time. */
export class StoredPayments {
  /** Of those that were given last time. */
  amountCents = 0;

  constructor(
    private readonly needs: Pick<ClosingNeeds, 'work'>,
    private readonly cycleId: string,
  ) {}

  async *pages(): AsyncGenerator<StoredPayment[]> {
    this.amountCents = 0;
    for (let after = ''; ;) {
      const page = await this.needs.work(({ payments }) =>
        payments.ofCycle(this.cycleId, { after, most: paymentsPerPage }),
      );
      for (const { amountCents } of page) this.amountCents += amountCents;
      if (page.length > 0) yield page;
      if (page.length < paymentsPerPage) return;
      after = page.at(-1)!.traceNumber;
    }
  }

  async *each(): AsyncGenerator<StoredPayment> {
    for await (const page of this.pages()) yield* page;
  }
}
