import { problem, type Location, type Severities, type X12Problem } from '../problem.ts';
import { packCode, segmentCodes } from '../segment-code.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import type { Party } from './claim.ts';
import { levels } from './levels.ts';
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

/** `at` is the place of the HL. */
type Level = { readonly at: Location; readonly id: string; fault: X12Problem | undefined };

export type BillingLevel = Level & {
  provider: ProviderInProgress | undefined;
  payTo: Growing<Party> | undefined;
  taxonomy: string | undefined;
  nm1At: Location | undefined;
  npiAt: Location | undefined;
  taxIdAt: Location | undefined;
};

export type SubscriberLevel = Level & {
  subscription: Subscription;
  subscriber: MemberInProgress | undefined;
  payer: { readonly name?: string; readonly id?: string } | undefined;
  memberIdAt: Location | undefined;
};

export type PatientLevel = Level & {
  relationship: string | undefined;
  patient: MemberInProgress | undefined;
};

/** What SBR says. */
type Subscription = {
  readonly payerResponsibility?: string;
  readonly relationship?: string;
  readonly groupNumber?: string;
  readonly filingIndicator?: string;
};

/**
 * What a claim hangs under, scoped by HL: a new billing provider forgets subscriber and patient, a new subscriber
 * forgets the patient, and a new transaction set forgets everything (HL ids start again in each).
 */
export class Hierarchy {
  billing: BillingLevel | undefined = undefined;
  subscriber: SubscriberLevel | undefined = undefined;
  patient: PatientLevel | undefined = undefined;
  #party: Growing<Party> | undefined;
  #member: MemberInProgress | undefined;
  #level = 0;

  constructor(private readonly severities: Severities | undefined) {}

  open(hl: SegmentCursor): void {
    this.#party = this.#member = undefined;
    this.#level = hl.trimmedCodeOf(3);
    switch (this.#level) {
      case levels.billing:
        this.billing = billingLevel(hl);
        this.subscriber = this.patient = undefined;
        return;
      case levels.subscriber:
        this.subscriber = subscriberLevel(hl);
        this.patient = undefined;
        return this.#checkParent(hl, this.subscriber, this.billing);
      case levels.patient:
        this.patient = patientLevel(hl);
        return this.#checkParent(hl, this.patient, this.subscriber);
    }
  }

  /** Takes what the segment says of the open level. */
  take(segment: SegmentCursor): void {
    switch (segment.code) {
      case segmentCodes.NM1:
        this.#party = this.#member = undefined;
        return this.#openParty(segment);
      case segmentCodes.N3:
        if (this.#party) addStreet(this.#party, segment);
        return;
      case segmentCodes.N4:
        if (this.#party) addCity(this.#party, segment);
        return;
      case segmentCodes.DMG:
        if (this.#member) addDemographics(this.#member, segment);
        return;
      case segmentCodes.REF:
        return this.#takeReference(segment);
      case segmentCodes.SBR:
        if (this.#level === levels.subscriber) this.subscriber!.subscription = subscriptionOf(segment);
        return;
      case segmentCodes.PRV:
        if (this.#level === levels.billing && !this.#party) this.billing!.taxonomy = sent(segment.element(3));
        return;
      case segmentCodes.PAT:
        if (this.#level === levels.patient) this.patient!.relationship = sent(segment.element(1));
    }
  }

  /** What is wrong with the open levels: every claim under them has it. */
  get faults(): readonly X12Problem[] {
    const [above, own] = [this.subscriber?.fault, this.patient?.fault];
    return above || own ? [above, own].filter((fault) => fault !== undefined) : none;
  }

  #openParty(nm1: SegmentCursor): void {
    const role = nm1.codeOf(1);
    if (this.#level === levels.billing) this.#openProvider(this.billing!, role, nm1);
    else if (this.#level === levels.subscriber) this.#openSubscriber(this.subscriber!, role, nm1);
    else if (this.#level === levels.patient && role === roles.patient) {
      this.#party = this.#member = this.patient!.patient = readMember(nm1);
      this.#member.relationship = this.patient!.relationship;
    }
  }

  #openProvider(billing: BillingLevel, role: number, nm1: SegmentCursor): void {
    if (role === roles.billingProvider && !billing.provider) {
      billing.nm1At = nm1.at();
      billing.npiAt = nm1.at(9);
      this.#party = billing.provider = readProvider(nm1, billing.taxonomy);
    }
    if (role === roles.payTo) this.#party = billing.payTo = readParty(nm1);
  }

  #openSubscriber(level: SubscriberLevel, role: number, nm1: SegmentCursor): void {
    if (role === roles.payer) level.payer = { name: sent(nm1.element(3)), id: sent(nm1.trimmed(9)) };
    if (role !== roles.subscriber) return;
    level.memberIdAt = nm1.at(9);
    const member = (this.#party = this.#member = level.subscriber = readMember(nm1));
    const { subscription } = level;
    member.payerResponsibility = subscription.payerResponsibility;
    member.relationship = subscription.relationship;
    member.groupNumber = subscription.groupNumber;
    member.filingIndicator = subscription.filingIndicator;
  }

  #takeReference(ref: SegmentCursor): void {
    const { billing } = this;
    if (!billing?.provider || this.#party !== billing.provider || billing.taxIdAt) return;
    const qualifier = ref.element(1);
    if (qualifier !== 'EI' && qualifier !== 'SY') return;
    const taxId = digits(ref.element(2));
    if (taxId) {
      billing.provider.taxId = taxId;
      billing.provider.taxIdQualifier = qualifier;
    }
    billing.taxIdAt = ref.at(2);
  }

  #checkParent(hl: SegmentCursor, level: Level, parent: Level | undefined): void {
    if (parent && hl.trimmed(2) === parent.id) return;
    const [above, loop] = level === this.patient ? ['subscriber', '2000C'] : ['billing provider', '2000B'];
    const message = `HL02 does not name the ${above} level this level stands under.`;
    const { severities } = this;
    level.fault = problem('hierarchy.parent', { ...hl.at(2), loop }, { message, severities });
  }
}

const billingLevel = (hl: SegmentCursor): BillingLevel => ({
  at: hl.at(),
  id: hl.trimmed(1),
  fault: undefined,
  provider: undefined,
  payTo: undefined,
  taxonomy: undefined,
  nm1At: undefined,
  npiAt: undefined,
  taxIdAt: undefined,
});

const subscriberLevel = (hl: SegmentCursor): SubscriberLevel => ({
  at: hl.at(),
  id: hl.trimmed(1),
  fault: undefined,
  subscription: noSubscription,
  subscriber: undefined,
  payer: undefined,
  memberIdAt: undefined,
});

const patientLevel = (hl: SegmentCursor): PatientLevel => ({
  at: hl.at(),
  id: hl.trimmed(1),
  fault: undefined,
  relationship: undefined,
  patient: undefined,
});

const subscriptionOf = (sbr: SegmentCursor): Subscription => ({
  payerResponsibility: sent(sbr.element(1)),
  relationship: sent(sbr.element(2)),
  groupNumber: sent(sbr.element(3)),
  filingIndicator: sent(sbr.element(9)),
});

/** NM101. */
const roles = {
  billingProvider: packCode('85'),
  payTo: packCode('87'),
  subscriber: packCode('IL'),
  payer: packCode('PR'),
  patient: packCode('QC'),
};

const noSubscription: Subscription = {};
const none: readonly X12Problem[] = [];
