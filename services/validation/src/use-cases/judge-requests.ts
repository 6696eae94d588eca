import type { RequestsSubmittedBody } from '@remitflow/contracts';
import { plainDate, RetryLater } from '@remitflow/kernel';
import type { Outbox } from '@remitflow/messaging';
import { billOf } from '../domain/bill.ts';
import type { Decision, Submission } from '../domain/decision.ts';
import { duplicateOf, judge, type Policy } from '../domain/judge.ts';
import type { Payee } from '../domain/payee.ts';
import type { PaymentRequest } from '../domain/payment-request.ts';
import type { TakenBill } from '../domain/taken-bill.ts';
import type { Said } from '../messages.ts';
import { sayDecisions } from './say-decisions.ts';
import { toPaymentRequest } from './to-payment-request.ts';

export type Needs = {
  payees: {
    forNpis(npis: readonly string[], procedures: readonly string[]): Promise<ReadonlyMap<string, Payee>>;
  };
  bills: {
    add(bills: readonly TakenBill[]): Promise<boolean>;
    take(bills: readonly TakenBill[]): Promise<ReadonlyMap<string, TakenBill>>;
  };
  decisions: {
    add(submission: Submission, decisions: readonly Decision[]): Promise<boolean>;
    alreadyDecided(submission: Submission, requestIds: readonly string[]): Promise<ReadonlySet<string>>;
    record(submission: Submission, decisions: readonly Decision[]): Promise<number>;
  };
  outbox: Outbox<Said>;
  /** Undoes what was written when `perform` gives undefined. */
  attempt<T>(perform: () => Promise<T | undefined>): Promise<T | undefined>;
};

/** Judges, prices and records the requests of one message, and says what became of each. */
export async function judgeRequests(
  needs: Needs,
  body: RequestsSubmittedBody,
  policy: Policy,
): Promise<void> {
  const submission = { submissionId: body.submissionId, receivedOn: plainDate(body.receivedOn) };
  const judged = await judgeAll(needs, body, policy);
  const settled =
    (await needs.attempt(() => settleNew(needs, submission, judged))) ??
    (await needs.attempt(() => settle(needs, submission, judged))) ??
    (await settleUndecided(needs, submission, judged));
  sayDecisions(needs.outbox, submission.submissionId, settled);
}

async function judgeAll(needs: Needs, body: RequestsSubmittedBody, policy: Policy): Promise<Decision[]> {
  const known = body.requests.map(toPaymentRequest);
  const payees = await payeesOf(needs, known);
  const receivedOn = plainDate(body.receivedOn);
  return known.map((request) => {
    const circumstances = { receivedOn, payee: payees.get(request.billingProvider.npi ?? '') };
    return decisionOf(request, judge(request, circumstances, policy));
  });
}

/** The short way, which most go: no bill was taken before and nothing was decided; undefined when that is not so. */
async function settleNew(
  { bills, decisions }: Needs,
  submission: Submission,
  judged: readonly Decision[],
): Promise<readonly Decision[] | undefined> {
  const firsts = firstsOf(submission, judged);
  if (firsts.size > 0 && !(await bills.add([...firsts.values()]))) return undefined;
  const settled = rejectDuplicates(judged, firsts);
  return (await decisions.add(submission, settled)) ? settled : undefined;
}

/** Takes the bills and records the decisions; undefined when some of the requests were decided before. */
async function settle(
  needs: Needs,
  submission: Submission,
  judged: readonly Decision[],
): Promise<readonly Decision[] | undefined> {
  const settled = rejectDuplicates(judged, await takeBills(needs, submission, judged));
  return (await needs.decisions.record(submission, settled)) < settled.length ? undefined : settled;
}

/** What was decided before stays as it is, and nothing is said of it again. */
async function settleUndecided(
  needs: Needs,
  submission: Submission,
  judged: readonly Decision[],
): Promise<readonly Decision[]> {
  const ids = judged.map(({ requestId }) => requestId);
  const old = await needs.decisions.alreadyDecided(submission, ids);
  const news = judged.filter(({ requestId }) => !old.has(requestId));
  if (news.length === 0) return news;
  const settled = await settle(needs, submission, news);
  if (!settled) throw new RetryLater('decision.raced');
  return settled;
}

function payeesOf(
  { payees }: Needs,
  requests: readonly PaymentRequest[],
): Promise<ReadonlyMap<string, Payee>> {
  const npis = new Set<string>();
  const procedures = new Set<string>();
  for (const { billingProvider, lines } of requests) {
    npis.add(billingProvider.npi ?? '');
    for (const { procedure, revenueCode } of lines) procedures.add(procedure ?? revenueCode ?? '');
  }
  return payees.forNpis([...npis], [...procedures]);
}

function decisionOf(request: PaymentRequest, verdict: ReturnType<typeof judge>): Decision {
  const { requestId, claimId, billedCents } = request;
  const { outcome } = verdict;
  if (outcome === 'rejected') return { requestId, claimId, outcome, billedCents, findings: verdict.findings };
  const findings = outcome === 'held' ? verdict.findings : nothingFound;
  const { decided } = verdict;
  return { requestId, claimId, outcome, billedCents, findings, decided, bill: billOf(request) };
}

const nothingFound = [] as const;

/** Who had each bill first: an earlier request, or the first of this message that has it. */
async function takeBills(
  { bills }: Needs,
  submission: Submission,
  decisions: readonly Decision[],
): Promise<ReadonlyMap<string, TakenBill>> {
  const here = firstsOf(submission, decisions);
  if (here.size === 0) return here;
  const takers = await bills.take([...here.values()]);
  return takers.size === 0 ? here : takers;
}

function firstsOf({ submissionId }: Submission, decisions: readonly Decision[]): Map<string, TakenBill> {
  const firsts = new Map<string, TakenBill>();
  for (const { bill, requestId, claimId } of decisions) {
    if (bill !== undefined && !firsts.has(bill.identity))
      firsts.set(bill.identity, { bill, requestId, submissionId, claimId });
  }
  return firsts;
}

function rejectDuplicates(
  decisions: readonly Decision[],
  firsts: ReadonlyMap<string, TakenBill>,
): Decision[] {
  return decisions.map((decision) => {
    const first = decision.bill && firsts.get(decision.bill.identity);
    if (!first || first.requestId === decision.requestId) return decision;
    const { requestId, claimId, billedCents } = decision;
    return { requestId, claimId, billedCents, outcome: 'rejected', findings: [duplicateOf(first)] };
  });
}
