import { createHash } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload, RmqContext } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { Bill, Decision, Payee } from './entities.ts';
import type { Claim, Submitted } from './messages.ts';
import { acknowledged, Facts } from './wiring.ts';

type Outcome = 'approved' | 'denied' | 'held' | 'rejected';

@Controller()
export class Validation {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(Facts) private readonly facts: Facts,
  ) {}

  @EventPattern<string>('request.submitted')
  submitted(@Payload() submitted: Submitted, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#judge(submitted));
  }

  async #judge({ requestId, claim }: Submitted): Promise<void> {
    const payee = await this.database.getRepository(Payee).findOneBy({ npi: claim.billingNpi });
    const findings = faultsOf(claim, payee);
    if (findings.length === 0 && !(await this.#isFirst(claim, requestId))) findings.push('duplicate');
    const paidCents = payee ? Math.floor((claim.totalChargeCents * payee.basisPoints) / 10_000) : 0;
    const outcome = outcomeOf(findings, { paidCents, claim });
    await this.database.getRepository(Decision).save({
      requestId,
      claimId: claim.claimId,
      outcome,
      payeeId: payee?.id ?? null,
      billedCents: claim.totalChargeCents,
      paidCents,
      findings,
      lines: claim.lines,
    });
    await this.facts.say(`request.${outcome}`, { requestId, claim, payeeId: payee?.id, paidCents, findings });
  }

  async #isFirst(claim: Claim, requestId: string): Promise<boolean> {
    const bills = this.database.getRepository(Bill);
    const billKey = keyOf(claim);
    if (await bills.findOneBy({ billKey })) return false;
    await bills.save({ billKey, requestId });
    return true;
  }
}

function faultsOf(claim: Claim, payee: Payee | null): string[] {
  const sum = claim.lines.reduce((total, line) => total + line.chargeCents, 0);
  return [
    ...(payee ? [] : ['payee.unknown']),
    ...(payee && payee.taxId !== claim.billingTaxId ? ['payee.tax-id'] : []),
    ...(sum === claim.totalChargeCents ? [] : ['claim.unbalanced']),
    ...(claim.lines.length > 0 ? [] : ['claim.without-lines']),
    ...(claim.lines.every((line) => /^\d{8}$/.test(line.serviceFrom)) ? [] : ['line.date']),
  ];
}

function outcomeOf(
  findings: readonly string[],
  { paidCents, claim }: { paidCents: number; claim: Claim },
): Outcome {
  if (findings.length > 0) return 'rejected';
  if (claim.totalChargeCents > reviewLimitCents) return 'held';
  return paidCents > 0 ? 'approved' : 'denied';
}

const reviewLimitCents = 10_000_00;

const keyOf = ({ billingNpi, memberId, lines }: Claim): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        billingNpi,
        memberId,
        lines.map((line) => [line.procedure, line.serviceFrom, line.lineControl]),
      ]),
    )
    .digest('hex');
