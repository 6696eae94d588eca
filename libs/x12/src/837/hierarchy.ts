import { problem, type Severities, type X12Code, type X12Problem } from '../problem.ts';
import type { Segment } from '../segment.ts';
import {
  addCity,
  addDemographics,
  addStreet,
  digits,
  readMember,
  readParty,
  readProvider,
  sent,
  type Growing,
  type MemberInProgress,
  type ProviderInProgress,
} from './parties.ts';
import type { Party } from './claim.ts';

type Level = {
  readonly hl: Segment;
  readonly id: string;
  readonly faults: X12Problem[];
};

export type BillingLevel = Level & {
  provider?: ProviderInProgress;
  payTo?: Growing<Party>;
  taxonomy?: string;
  nm1?: Segment;
  taxIdSegment?: Segment;
};

export type SubscriberLevel = Level & {
  sbr?: Segment;
  subscriber?: MemberInProgress;
  payer?: { name?: string; id?: string };
  nm1?: Segment;
};

export type PatientLevel = Level & { relationship?: string; patient?: MemberInProgress; nm1?: Segment };

/**
 * What a claim hangs under, scoped by HL: a new billing provider forgets subscriber and patient, a new subscriber
 * forgets the patient, and a new transaction set forgets everything (HL ids start again in each).
 */
export class Hierarchy {
  billing: BillingLevel | undefined;
  subscriber: SubscriberLevel | undefined;
  patient: PatientLevel | undefined;
  #party: Growing<Party> | undefined;
  #member: MemberInProgress | undefined;
  #level: string | undefined;

  constructor(private readonly severities: Severities | undefined) {}

  /** Opens a level. The problem, if any, is one of the file: what belongs to a level is a fault of its claims. */
  open(hl: Segment): X12Problem | undefined {
    this.#party = this.#member = undefined;
    const level = { hl, id: hl.element(1).trim(), faults: [] };
    this.#level = hl.element(3).trim();
    switch (this.#level) {
      case '20':
        this.billing = level;
        this.subscriber = this.patient = undefined;
        return;
      case '22':
        this.subscriber = level;
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
        this.#party = this.#member = undefined;
        this.#openParty(segment);
        return true;
      case 'N3':
        if (this.#party) addStreet(this.#party, segment);
        return true;
      case 'N4':
        if (this.#party) addCity(this.#party, segment);
        return true;
      case 'DMG':
        if (this.#member) addDemographics(this.#member, segment);
        return true;
      default:
        return this.#takeOfLevel(segment);
    }
  }

  #takeOfLevel(segment: Segment): boolean {
    switch (segment.id) {
      case 'REF':
        this.#takeReference(segment);
        return true;
      case 'PRV':
        if (this.#level === '20' && !this.#party) this.billing!.taxonomy = sent(segment.element(3));
        return true;
      case 'SBR':
        if (this.#level === '22') this.subscriber!.sbr = segment;
        return true;
      case 'PAT':
        if (this.#level === '23') this.patient!.relationship = sent(segment.element(1));
        return true;
      default:
        return segment.id === 'PER' || segment.id === 'CUR';
    }
  }

  /** What is wrong with the open levels: every claim under them has it. */
  get faults(): readonly X12Problem[] {
    const [above, own] = [this.subscriber?.faults ?? none, this.patient?.faults ?? none];
    return above.length + own.length === 0 ? none : [...above, ...own];
  }

  #openParty(nm1: Segment): void {
    const role = nm1.element(1);
    if (this.#level === '20' && this.billing) this.#openProvider(this.billing, role, nm1);
    else if (this.#level === '22' && this.subscriber) this.#openSubscriber(this.subscriber, role, nm1);
    else if (this.#level === '23' && this.patient && role === 'QC') {
      this.patient.nm1 = nm1;
      this.#party = this.#member = this.patient.patient = readMember(nm1);
      this.#member.relationship = this.patient.relationship;
    }
  }

  #openProvider(billing: BillingLevel, role: string, nm1: Segment): void {
    if (role === '85' && !billing.provider) {
      billing.nm1 = nm1;
      this.#party = billing.provider = readProvider(nm1, billing.taxonomy);
    }
    if (role === '87') this.#party = billing.payTo = readParty(nm1);
  }

  #openSubscriber(level: SubscriberLevel, role: string, nm1: Segment): void {
    if (role === 'IL') {
      level.nm1 = nm1;
      this.#party = this.#member = level.subscriber = readMember(nm1);
      if (level.sbr) takeSubscription(this.#member, level.sbr);
    }
    if (role === 'PR') level.payer = { name: sent(nm1.element(3)), id: sent(nm1.element(9).trim()) };
  }

  #takeReference(ref: Segment): void {
    const qualifier = ref.element(1);
    if (!this.billing?.provider || this.#party !== this.billing.provider) return;
    if ((qualifier !== 'EI' && qualifier !== 'SY') || this.billing.taxIdSegment) return;
    const taxId = digits(ref.element(2));
    if (taxId) {
      this.billing.provider.taxId = taxId;
      this.billing.provider.taxIdQualifier = qualifier;
    }
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

function takeSubscription(subscriber: MemberInProgress, sbr: Segment): void {
  subscriber.payerResponsibility = sent(sbr.element(1));
  subscriber.relationship = sent(sbr.element(2));
  subscriber.groupNumber = sent(sbr.element(3));
  subscriber.filingIndicator = sent(sbr.element(9));
}

const none: readonly X12Problem[] = [];
