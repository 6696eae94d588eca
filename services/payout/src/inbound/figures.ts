import { Injectable } from '@nestjs/common';
import { Metrics } from '@remitflow/service';
import { FiguresStore } from '../outbound/figures.store.ts';

/** Every payable and every payment is read for it. */
const imbalanceEveryMs = 300_000;

/** What is watched of the money, beside what every service tells of its messages. */
@Injectable()
export class Figures {
  constructor(metrics: Metrics, figures: FiguresStore) {
    const unknown = metrics.level({
      name: 'remitflow_payout_unknown_outcome_payments',
      help: 'Payments whose file is being handed over, so that nobody knows yet whether the bank has it.',
    });
    metrics.reading({
      source: 'payments',
      levels: [unknown],
      async read() {
        const payments = await figures.unknownOutcomes();
        return () => unknown.set(payments);
      },
    });
    const imbalance = metrics.level({
      name: 'remitflow_payout_ledger_imbalance_cents',
      help: 'By how many cents ledger, payables and payments differ, looked at every five minutes; 0 is right.',
    });
    metrics.reading({
      source: 'ledger',
      levels: [imbalance],
      everyMs: imbalanceEveryMs,
      async read() {
        const cents = await figures.imbalanceCents();
        return () => imbalance.set(cents);
      },
    });
  }
}
