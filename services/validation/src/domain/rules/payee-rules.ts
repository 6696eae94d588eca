import { isNpi, plainDate } from '@remitflow/kernel';
import { parseRoutingNumber } from '@remitflow/nacha';
import { contractFor, type Payee } from '../payee.ts';
import { remembered } from '../remembered.ts';
import { objectIf, type Rule } from '../rule.ts';
import { periodOfRequest } from '../service-period.ts';

const first = { version: '1', effectiveFrom: plainDate('2000-01-01') } as const;
const npiField = 'billingProvider.npi';

/** Who asks to be paid, and whether they may be: every rule but the first needs a payee we know. */
export const payeeRules: readonly Rule[] = [
  {
    ...first,
    id: 'npi.check-digit',
    toldBy: ['billing-provider.missing', 'billing-provider.npi-missing'],
    check: ({ billingProvider: { npi } }) =>
      npi
        ? objectIf(
            !isValidNpi(npi),
            npiField,
            "The billing provider's NPI is not valid: ten digits, the last of which is a check digit.",
          )
        : [{ field: npiField, message: "The billing provider's NPI is missing." }],
  },
  {
    ...first,
    id: 'payee.known',
    check: ({ billingProvider: { npi } }, { payee }) =>
      objectIf(
        payee === undefined && npi !== undefined && isValidNpi(npi),
        npiField,
        'The billing provider is not registered as a payee: register it, or bill under a registered NPI.',
      ),
  },
  {
    ...first,
    id: 'payee.active',
    check: (_, { payee }) =>
      objectIf(
        payee !== undefined && payee.status !== 'active',
        npiField,
        () => `The payee is ${payee?.status}: it is not paid until payment operations make it active.`,
      ),
  },
  {
    ...first,
    id: 'payee.tax-id',
    check: ({ billingProvider: { taxId } }, { payee }) =>
      objectIf(
        payee !== undefined && taxId !== undefined && !isTaxIdOf(payee, taxId),
        'billingProvider.taxId',
        "The billing provider's tax id is not the one registered with its NPI.",
      ),
  },
  {
    ...first,
    id: 'contract.in-force',
    check: (request, { payee }) => {
      const period = periodOfRequest(request);
      return objectIf(
        payee !== undefined && period !== undefined && contractFor(payee, period) === undefined,
        'serviceFrom',
        () => `No contract of the payee covers the service dates ${period?.from} to ${period?.to}.`,
      );
    },
  },
  {
    ...first,
    id: 'account.missing',
    check: (_, { payee }) =>
      objectIf(
        payee !== undefined && payee.account === undefined,
        npiField,
        'The payee has no bank account to be paid to.',
      ),
  },
  {
    ...first,
    id: 'account.routing-number',
    check: (_, { payee }) =>
      objectIf(
        payee?.account !== undefined && !isRoutingNumber(payee.account.routingNumber),
        npiField,
        "The routing number of the payee's bank account is not valid.",
      ),
  },
  {
    ...first,
    id: 'account.active',
    check: (_, { payee }) =>
      objectIf(
        payee?.account !== undefined && payee.account.status !== 'active',
        npiField,
        () => `The payee's bank account is ${payee?.account?.status}: register one that can be paid to.`,
      ),
  },
];

const isTaxIdOf = (payee: Payee, taxId: string): boolean =>
  taxId === payee.taxId || taxId.replaceAll('-', '') === payee.taxId;

const isValidNpi = remembered(isNpi);
const isRoutingNumber = remembered((text: string): boolean => parseRoutingNumber(text).ok);
