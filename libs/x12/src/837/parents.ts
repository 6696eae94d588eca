import type { Claim837 } from './claim.ts';
import type { Complain } from './complaint.ts';
import type { BillingLevel, Hierarchy, PatientLevel, SubscriberLevel } from './hierarchy.ts';
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
    billingProviderByteOffset: billing?.at.byteOffset,
    subscriberByteOffset: subscriber?.at.byteOffset,
    patientByteOffset: patient?.at.byteOffset,
  };
}

function checkPatient(level: PatientLevel, complain: Complain): void {
  if (level.patient) return;
  const message = 'The patient (NM1*QC) is missing.';
  complain({ code: 'patient.missing', at: level.at, loop: '2000C', message });
}

function checkProvider(billing: BillingLevel, complain: Complain): void {
  const { at, provider, nm1At = at, npiAt = at } = billing;
  if (!provider) {
    const message = 'The billing provider (NM1*85) is missing.';
    return complain({ code: 'billing-provider.missing', at, loop: '2000A', message });
  }
  if (!provider.npi) {
    const message = 'The billing provider has no NPI (NM108 must be XX and NM109 the number).';
    complain({ code: 'billing-provider.npi-missing', at: npiAt, loop: '2010AA', message });
  }
  if (!provider.taxId) {
    const message = 'The billing provider has no tax id (REF*EI or REF*SY).';
    complain({ code: 'billing-provider.tax-id-missing', at: nm1At, loop: '2010AA', message });
  }
}

function checkSubscriber(level: SubscriberLevel, complain: Complain): void {
  const { at, subscriber, memberIdAt = at } = level;
  if (!subscriber) {
    const message = 'The subscriber (NM1*IL) is missing.';
    complain({ code: 'subscriber.missing', at, loop: '2000B', message });
  } else if (!subscriber.memberId) {
    const message = 'The subscriber has no member id (NM109).';
    complain({ code: 'subscriber.member-id-missing', at: memberIdAt, loop: '2010BA', message });
  }
  if (!level.payer) {
    complain({ code: 'payer.missing', at, loop: '2000B', message: 'The payer (NM1*PR) is missing.' });
  }
}
