import type { Segment } from '../segment.ts';
import type { Claim837 } from './claim.ts';
import type { BillingLevel, Hierarchy, PatientLevel, SubscriberLevel } from './hierarchy.ts';
import type { Complain } from './line.ts';
import type { Growing } from './parties.ts';

/** Gives a claim what it takes from the levels above it; what is missing there is complained of by each claim. */
export function inherit(claim: Growing<Claim837>, hierarchy: Hierarchy, complain: Complain): void {
  const { billing, subscriber, patient } = hierarchy;
  if (billing) {
    claim.billingProvider = billing.provider;
    claim.payTo = billing.payTo;
    checkProvider(billing, complain);
  }
  if (subscriber) {
    claim.subscriber = subscriber.subscriber;
    claim.payer = subscriber.payer;
    checkSubscriber(subscriber, complain);
  }
  if (patient) {
    claim.patient = patient.patient;
    checkPatient(patient, complain);
  }
  claim.hierarchy = {
    billingProviderByteOffset: billing?.hl.byteOffset,
    subscriberByteOffset: subscriber?.hl.byteOffset,
    patientByteOffset: patient?.hl.byteOffset,
  };
}

function checkPatient(level: PatientLevel, complain: Complain): void {
  if (level.patient) return;
  const message = 'The patient (NM1*QC) is missing.';
  complain({ code: 'patient.missing', segment: level.hl, loop: '2000C', message });
}

/** A claim needs a subscriber, who needs a billing provider. */
export function checkPlace(clm: Segment, { billing, subscriber }: Hierarchy, complain: Complain): void {
  if (billing && subscriber) return;
  const level = billing ? 'subscriber' : 'billing provider';
  const message = `The claim stands outside of a ${level} level (HL).`;
  complain({ code: 'hierarchy.claim-outside', segment: clm, loop: '2300', message });
}

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
