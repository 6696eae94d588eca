import { problem, type Severities, type X12Code, type X12Problem } from '../problem.ts';
import type { Segment } from '../segment.ts';
import {
  addToParty,
  asBillingProvider,
  asMember,
  digits,
  readParty,
  type Growing,
  type PartyInProgress,
} from './parties.ts';
import type { Subscriber } from './claim.ts';

type Level = {
  readonly hl: Segment;
  readonly id: string;
  readonly faults: X12Problem[];
};

export type BillingLevel = Level & {
  provider?: PartyInProgress;
  payTo?: PartyInProgress;
  taxonomy?: string;
  nm1?: Segment;
  taxIdSegment?: Segment;
};

export type SubscriberLevel = Level & {
  readonly sbr: Growing<Partial<Subscriber>>;
  subscriber?: PartyInProgress;
  payer?: { name?: string; id?: string };
  nm1?: Segment;
};

export type PatientLevel = Level & { relationship?: string; patient?: PartyInProgress; nm1?: Segment };

/**
 * What a claim hangs under, scoped by HL: a new billing provider forgets subscriber and patient, a new subscriber
 * forgets the patient, and a new transaction set forgets everything (HL ids start again in each).
 */
export class Hierarchy {
  billing: BillingLevel | undefined;
  subscriber: SubscriberLevel | undefined;
  patient: PatientLevel | undefined;
  #party: PartyInProgress | undefined;
  #level: string | undefined;

  constructor(private readonly severities: Severities | undefined) {}

  /** Opens a level. The problem, if any, is one of the file: what belongs to a level is a fault of its claims. */
  open(hl: Segment): X12Problem | undefined {
    this.#party = undefined;
    const level = { hl, id: hl.element(1).trim(), faults: [] };
    this.#level = hl.element(3).trim();
    switch (this.#level) {
      case '20':
        this.billing = level;
        this.subscriber = this.patient = undefined;
        return;
      case '22':
        this.subscriber = { ...level, sbr: {} };
        this.patient = undefined;
        this.#checkParent(this.subscriber, this.billing);
        return;
      case '23':
        this.patient = level;
        this.#checkParent(this.patient, this.subscriber);
        return;
      default:
        this.#level = undefined;
        return problem('hierarchy.level', hl.at(3), {
          message: 'HL03 must be 20 (billing provider), 22 (subscriber) or 23 (patient).',
          severities: this.severities,
        });
    }
  }

  /** True when the segment says something of the open level. */
  take(segment: Segment): boolean {
    switch (segment.id) {
      case 'NM1':
        this.#party = this.#openParty(segment);
        return true;
      case 'N3':
      case 'N4':
      case 'DMG':
        if (this.#party) addToParty(this.#party, segment);
        return true;
      case 'REF':
        this.#takeReference(segment);
        return true;
      case 'PRV':
        if (this.#level === '20' && this.billing && !this.#party) this.billing.taxonomy = segment.element(3);
        return true;
      case 'SBR':
        if (this.#level === '22' && this.subscriber) takeSubscription(this.subscriber.sbr, segment);
        return true;
      case 'PAT':
        if (this.#level === '23' && this.patient) this.patient.relationship = segment.element(1) || undefined;
        return true;
      case 'PER':
      case 'CUR':
        return true;
    }
    return false;
  }

  #openParty(nm1: Segment): PartyInProgress | undefined {
    const role = `${this.#level} ${nm1.element(1)}`;
    if (role === '20 85' && this.billing && !this.billing.provider)
      return this.#openProvider(this.billing, nm1);
    if (role === '20 87' && this.billing) return (this.billing.payTo = withoutId(readParty(nm1)));
    if (role === '22 IL' && this.subscriber) {
      this.subscriber.nm1 = nm1;
      return (this.subscriber.subscriber = asMemberOf(nm1));
    }
    if (role === '22 PR' && this.subscriber) {
      const { name, id } = readParty(nm1);
      this.subscriber.payer = { ...(name && { name }), ...(id && { id }) };
    }
    if (role === '23 QC' && this.patient) {
      this.patient.nm1 = nm1;
      return (this.patient.patient = asMemberOf(nm1));
    }
    return undefined;
  }

  #openProvider(billing: BillingLevel, nm1: Segment): PartyInProgress {
    const provider = readParty(nm1);
    asBillingProvider(provider, nm1);
    billing.nm1 = nm1;
    return (billing.provider = provider);
  }

  #takeReference(ref: Segment): void {
    const qualifier = ref.element(1);
    if (!this.billing?.provider || this.#party !== this.billing.provider) return;
    if ((qualifier !== 'EI' && qualifier !== 'SY') || this.billing.taxIdSegment) return;
    const taxId = digits(ref.element(2));
    if (taxId) Object.assign(this.billing.provider, { taxId, taxIdQualifier: qualifier });
    this.billing.taxIdSegment = ref;
  }

  #checkParent(level: Level, parent: Level | undefined): void {
    if (parent && level.hl.element(2).trim() === parent.id) return;
    const above = level === this.patient ? 'subscriber' : 'billing provider';
    const loop = level === this.patient ? '2000C' : '2000B';
    level.faults.push(
      this.#fault('hierarchy.parent', level.hl, {
        element: 2,
        loop,
        message: `HL02 does not name the ${above} level this level stands under.`,
      }),
    );
  }

  #fault(
    code: X12Code,
    segment: Segment,
    at: { element: number; loop: string; message: string },
  ): X12Problem {
    const location = { ...segment.at(at.element), loop: at.loop };
    return problem(code, location, { message: at.message, severities: this.severities });
  }
}

function takeSubscription(sbr: Growing<Partial<Subscriber>>, segment: Segment): void {
  const [, payerResponsibility, relationship, groupNumber] = segment.elements;
  const filingIndicator = segment.element(9);
  if (payerResponsibility) sbr.payerResponsibility = payerResponsibility;
  if (relationship) sbr.relationship = relationship;
  if (groupNumber) sbr.groupNumber = groupNumber;
  if (filingIndicator) sbr.filingIndicator = filingIndicator;
}

function asMemberOf(nm1: Segment): PartyInProgress {
  const party = readParty(nm1);
  asMember(party);
  return party;
}

function withoutId(party: PartyInProgress): PartyInProgress {
  delete party.id;
  return party;
}
