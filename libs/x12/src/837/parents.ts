import type { X12Problem } from '../problem.ts';
import type { Segment } from '../segment.ts';
import type { BillingProvider, Claim837, Patient, Subscriber } from './claim.ts';
import type { BillingLevel, Hierarchy, PatientLevel, SubscriberLevel } from './hierarchy.ts';
import type { Complain } from './line.ts';
import type { ClaimSegments } from './places.ts';

export type Parents = {
  readonly parties: Pick<Claim837, 'billingProvider' | 'payTo' | 'subscriber' | 'patient' | 'payer'>;
  readonly offsets: Claim837['hierarchy'];
  readonly segments: Pick<ClaimSegments, 'billingProvider' | 'taxId' | 'subscriber'>;
  readonly faults: readonly X12Problem[];
};

/** What a claim takes from the levels above it; what is missing there is complained of once for each claim. */
export function parentsOf(hierarchy: Hierarchy, complain: Complain, clm: Segment): Parents {
  const { billing, subscriber, patient } = hierarchy;
  if (!billing || !subscriber) {
    complain({
      code: 'hierarchy.claim-outside',
      segment: clm,
      loop: '2300',
      message: `The claim stands outside of a ${billing ? 'subscriber' : 'billing provider'} level (HL).`,
    });
  }
  if (billing) checkProvider(billing, complain);
  if (subscriber) checkSubscriber(subscriber, complain);
  if (patient && !patient.patient) {
    complain({
      code: 'patient.missing',
      segment: patient.hl,
      loop: '2000C',
      message: 'The patient (NM1*QC) is missing.',
    });
  }
  return {
    parties: partiesOf(billing, subscriber, patient),
    offsets: {
      ...(billing && { billingProviderByteOffset: billing.hl.byteOffset }),
      ...(subscriber && { subscriberByteOffset: subscriber.hl.byteOffset }),
      ...(patient && { patientByteOffset: patient.hl.byteOffset }),
    },
    segments: { billingProvider: billing?.nm1, taxId: billing?.taxIdSegment, subscriber: subscriber?.nm1 },
    faults: [...(subscriber?.faults ?? []), ...(patient?.faults ?? [])],
  };
}

function partiesOf(
  billing: BillingLevel | undefined,
  subscriber: SubscriberLevel | undefined,
  patient: PatientLevel | undefined,
): Parents['parties'] {
  return {
    ...(billing?.provider && { billingProvider: providerOf(billing) }),
    ...(billing?.payTo && { payTo: billing.payTo }),
    ...(subscriber?.subscriber && { subscriber: subscriberOf(subscriber) }),
    ...(subscriber?.payer && { payer: subscriber.payer }),
    ...(patient?.patient && { patient: patientOf(patient) }),
  };
}

const providerOf = ({ provider, taxonomy }: BillingLevel): BillingProvider =>
  taxonomy ? { ...provider!, taxonomy } : provider!;

const subscriberOf = ({ subscriber, sbr }: SubscriberLevel): Subscriber => ({ ...sbr, ...subscriber! });

const patientOf = ({ patient, relationship }: PatientLevel): Patient =>
  relationship ? { ...patient!, relationship } : patient!;

function checkProvider(billing: BillingLevel, complain: Complain): void {
  const segment = billing.nm1 ?? billing.hl;
  if (!billing.provider) {
    const message = 'The billing provider (NM1*85) is missing.';
    return complain({ code: 'billing-provider.missing', segment, loop: '2000A', message });
  }
  if (!billing.provider.npi) {
    const message = 'The billing provider has no NPI (NM108 must be XX and NM109 the number).';
    complain({ code: 'billing-provider.npi-missing', segment, loop: '2010AA', element: 9, message });
  }
  if (!billing.provider.taxId) {
    const message = 'The billing provider has no tax id (REF*EI or REF*SY).';
    complain({ code: 'billing-provider.tax-id-missing', segment, loop: '2010AA', message });
  }
}

function checkSubscriber(level: SubscriberLevel, complain: Complain): void {
  const segment = level.nm1 ?? level.hl;
  if (!level.subscriber) {
    const message = 'The subscriber (NM1*IL) is missing.';
    complain({ code: 'subscriber.missing', segment, loop: '2000B', message });
  } else if (!level.subscriber.memberId) {
    const message = 'The subscriber has no member id (NM109).';
    complain({ code: 'subscriber.member-id-missing', segment, loop: '2010BA', element: 9, message });
  }
  if (!level.payer) {
    complain({
      code: 'payer.missing',
      segment: level.hl,
      loop: '2000B',
      message: 'The payer (NM1*PR) is missing.',
    });
  }
}
