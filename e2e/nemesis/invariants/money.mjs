import { readLedger } from '@remitflow/simulated-bank';

/** What the bank booked and what payout believes, beside each other. */
async function readMoney({ instance }) {
  const { decisions, credits } = await readLedger(instance.paths.bank);
  const payments = await instance.databases.query(
    'payout',
    `select trn_reference as trn, payments.amount_cents::float8 as cents, status, count(request_id)::int as requests,
       coalesce(sum(payables.amount_cents), 0)::float8 as "payableCents", request_count as "requestCount"
     from payments left join payables using (payment_id) group by payments.payment_id`,
  );
  return { decisions, credits, payments };
}

const creditedBy = (credits) => {
  const byTrn = new Map();
  for (const credit of credits)
    byTrn.set(credit.trnReference, [...(byTrn.get(credit.trnReference) ?? []), credit]);
  return byTrn;
};

/** No payment is credited twice, at no moment: what may be looked at while everything is being broken. */
export const neverPaidTwice = {
  name: 'never-paid-twice',
  isSafety: true,
  async check({ instance }) {
    const { credits } = await readLedger(instance.paths.bank);
    const violations = [...creditedBy(credits)]
      .filter(([, booked]) => booked.length > 1)
      .map(
        ([trn, booked]) =>
          `${trn} was credited ${booked.length} times: ${booked.map(({ file }) => file).join(', ')}`,
      );
    return { checked: credits.length, violations };
  },
};

/** Each payment that left was credited once with its amount, and pays the requests that were approved for it, each once. */
export const paidExactlyOnce = {
  name: 'paid-exactly-once',
  async check(world) {
    const { credits, payments } = await readMoney(world);
    const byTrn = creditedBy(credits);
    const violations = [];
    for (const { trn, cents, status, payableCents, requests, requestCount } of payments) {
      const booked = byTrn.get(trn) ?? [];
      byTrn.delete(trn);
      const expected = ['sent', 'settled', 'returned'].includes(status) ? 1 : 0;
      if (booked.length !== expected)
        violations.push(`payment ${trn} (${status}) was credited ${booked.length} times`);
      if (booked.some(({ amountCents }) => amountCents !== cents))
        violations.push(`payment ${trn} was credited with another amount`);
      if (payableCents !== cents || requests !== requestCount)
        violations.push(`payment ${trn} of ${cents} cents pays ${payableCents}`);
    }
    for (const trn of byTrn.keys()) violations.push(`the bank credited ${trn}, which is no payment`);
    return { checked: payments.length, violations: [...violations, ...(await payablesAmiss(world))] };
  },
};

/** Each approved request is payable once, with what was approved, and nothing else is payable. */
async function payablesAmiss({ instance: { databases } }) {
  const approved = await databases.query(
    'validation',
    `select request_id as id, paid_cents::float8 as cents from decisions where outcome = 'approved'`,
  );
  const payables = await databases.query(
    'payout',
    'select request_id as id, amount_cents::float8 as cents from payables',
  );
  const centsOf = new Map(payables.map(({ id, cents }) => [id, cents]));
  const violations = approved
    .filter(({ id, cents }) => centsOf.get(id) !== cents)
    .map(({ id, cents }) => `${id} is approved with ${cents} cents and payable with ${centsOf.get(id)}`);
  const known = new Set(approved.map(({ id }) => id));
  return [
    ...violations,
    ...payables.filter(({ id }) => !known.has(id)).map(({ id }) => `${id} is payable and not approved`),
  ];
}

/** Σ approved = Σ paid + Σ held + Σ returned, to the cent; the bank's own ledger says what was paid and returned. */
export const sumsBalance = {
  name: 'sums-balance',
  async check({ instance, sums }) {
    const { databases, paths } = instance;
    const { decisions, credits } = await readLedger(paths.bank);
    const returnedTraces = new Set(
      decisions.flatMap(({ returns }) => returns.map(({ traceNumber }) => traceNumber)),
    );
    const cents = (list) => list.reduce((sum, { amountCents }) => sum + amountCents, 0);
    const returned = cents(credits.filter(({ traceNumber }) => returnedTraces.has(traceNumber)));
    const paid = cents(credits) - returned;
    const [{ approved }] = await databases.query(
      'validation',
      `select coalesce(sum(paid_cents), 0)::float8 as approved from decisions where outcome = 'approved'`,
    );
    const [{ held }] = await databases.query(
      'payout',
      'select coalesce(sum(amount_cents), 0)::float8 as held from payables where payment_id is null',
    );
    const [{ remitted }] = await databases.query(
      'remittance',
      `select coalesce(sum(amount_cents), 0)::float8 as remitted from remittances where kind = 'payment' and state = 'posted'`,
    );
    const [{ debit, credit }] = await databases.query(
      'payout',
      'select coalesce(sum(debit_cents), 0)::float8 as debit, coalesce(sum(credit_cents), 0)::float8 as credit from ledger_balances',
    );
    Object.assign(sums, { approved, paid, held, returned, remitted });
    const violations = [
      ...(approved === paid + held + returned
        ? []
        : [`approved ${approved} ≠ paid ${paid} + held ${held} + returned ${returned}`]),
      ...(remitted === paid + returned
        ? []
        : [`the 835s explain ${remitted} cents, the bank booked ${paid + returned}`]),
      ...(debit === credit ? [] : [`payout's ledger: debits ${debit} ≠ credits ${credit}`]),
    ];
    return { checked: credits.length, violations };
  },
};
