import { isNpi, ok, parsePlainDate, plainDate, refuse, type PlainDate, type Result } from '@remitflow/kernel';
import {
  accountLengthMax,
  parseAccountNumber,
  parseRoutingNumber,
  type RoutingNumber,
} from '@remitflow/nacha';

export type Address = {
  readonly line1: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
};

export type Terms =
  | { readonly pricing: 'percent'; readonly basisPoints: number }
  | { readonly pricing: 'fee-schedule'; readonly feeSchedule: string };

/** A payee as somebody asks for it to be registered; the only place where an account number is in the clear. */
export type PayeeRegistration = {
  readonly npi: string;
  readonly taxId: string;
  readonly name: string;
  readonly address?: Address;
  readonly routingNumber: RoutingNumber;
  readonly accountNumber: string;
  readonly accountType: 'checking' | 'savings';
  readonly contractFrom: PlainDate;
  readonly contractTo?: PlainDate;
  readonly terms: Terms;
};

export type RegistrationProblem = { readonly code: string; readonly message: string };

export const requiredColumns = ['npi', 'tax_id', 'name', 'routing', 'account'] as const;

export const optionalColumns = [
  'account_type',
  'contract_from',
  'contract_to',
  'pricing',
  'percent',
  'fee_schedule',
  'line1',
  'city',
  'state',
  'zip',
] as const;

export type Column = (typeof requiredColumns)[number] | (typeof optionalColumns)[number];

/** The cells of one row by column; absent and blank are the same. */
export type Cells = Readonly<Partial<Record<Column, string>>>;

export const contractFromDefault = plainDate('2020-01-01');
const percentDefault = '80';
const nameLengthMax = 120;

/** A registration, or everything that is wrong with the row; no problem repeats an account number. */
export function readRegistration(
  cells: Cells,
  feeSchedules: ReadonlySet<string>,
): Result<PayeeRegistration, readonly RegistrationProblem[]> {
  const problems: RegistrationProblem[] = [];
  const take: Take = (value, code, message) => {
    if (value === undefined) problems.push({ code, message });
    return value as NonNullable<typeof value>;
  };
  const registration: PayeeRegistration = {
    ...readPayee(cells, take),
    ...readAccount(cells, take),
    ...readContract(cells, take),
    terms: readTerms(cells, feeSchedules, take),
  };
  return problems.length === 0 ? ok(registration) : refuse(problems);
}

/** Notes the problem when there is no value; the registration is then never used. */
type Take = <T>(value: T | undefined, code: string, message: string) => T;

function readPayee(cells: Cells, take: Take): Pick<PayeeRegistration, 'npi' | 'taxId' | 'name' | 'address'> {
  const npi = cells.npi ?? '';
  const taxId = /^\d{2}-?\d{7}$/.test(cells.tax_id ?? '') ? cells.tax_id?.replace('-', '') : undefined;
  const name = cells.name && cells.name.length <= nameLengthMax ? cells.name : undefined;
  return {
    npi: take(
      isNpi(npi) ? npi : undefined,
      'npi.check-digit',
      'The NPI is not ten digits with a valid check digit.',
    ),
    taxId: take(taxId, 'tax-id.shape', 'The tax id is not nine digits (12-3456789 or 123456789).'),
    name: take(name, 'name.length', `The name must have 1 to ${nameLengthMax} characters.`),
    ...readAddress(cells, take),
  };
}

function readAddress(cells: Cells, take: Take): { address?: Address } {
  const given = addressColumns.map((column) => cells[column] ?? '');
  if (given.every((cell) => cell === '')) return {};
  const [line1, city, state, zip] = given as [string, string, string, string];
  const address = { line1, city, state: state.toUpperCase(), zip: zip.replace('-', '') };
  const isWhole = addressColumns.every((column) => addressShapes[column].test(address[column]));
  const message = 'An address needs line1, city, a state of two letters and a ZIP code of 5 or 9 digits.';
  return { address: take(isWhole ? address : undefined, 'address.incomplete', message) };
}

const addressColumns = ['line1', 'city', 'state', 'zip'] as const;

const addressShapes = {
  line1: /^.{1,55}$/,
  city: /^.{1,30}$/,
  state: /^[A-Z]{2}$/,
  zip: /^\d{5}(\d{4})?$/,
} as const;

function readAccount(
  cells: Cells,
  take: Take,
): Pick<PayeeRegistration, 'routingNumber' | 'accountNumber' | 'accountType'> {
  const routing = parseRoutingNumber(cells.routing ?? '');
  const account = parseAccountNumber(cells.account ?? '');
  const type = (cells.account_type ?? 'checking').toLowerCase();
  return {
    routingNumber: take(
      routing.ok ? routing.value : undefined,
      'account.routing-number',
      'The routing number is not that of a US bank: nine digits, the last of which is a check digit.',
    ),
    accountNumber: take(
      account.ok ? account.value : undefined,
      'account.number',
      `The account number must be 1 to ${accountLengthMax} letters, digits, hyphens or blanks, with a digit other than 0.`,
    ),
    accountType: take(
      type === 'checking' || type === 'savings' ? type : undefined,
      'account.type',
      'The account type must be checking or savings.',
    ),
  };
}

function readContract(cells: Cells, take: Take): Pick<PayeeRegistration, 'contractFrom' | 'contractTo'> {
  const from = parsePlainDate(cells.contract_from ?? contractFromDefault);
  const contractFrom = take(from, 'contract.from', 'contract_from must be a day, written 2026-01-31.');
  if (cells.contract_to === undefined) return { contractFrom };
  const to = parsePlainDate(cells.contract_to);
  const contractTo = take(
    to,
    'contract.to',
    'contract_to must be a day, written 2026-12-31, or blank for no end.',
  );
  const isOrdered = from === undefined || to === undefined || from <= to;
  take(isOrdered || undefined, 'contract.order', 'The contract ends before it begins.');
  return { contractFrom, contractTo };
}

function readTerms(cells: Cells, feeSchedules: ReadonlySet<string>, take: Take): Terms {
  const pricing = (
    cells.pricing ?? (cells.fee_schedule && !cells.percent ? 'fee-schedule' : 'percent')
  ).toLowerCase();
  if (pricing === 'fee-schedule') {
    const name = cells.fee_schedule ?? '';
    const message = 'fee_schedule must name a fee schedule that is registered.';
    return {
      pricing,
      feeSchedule: take(feeSchedules.has(name) ? name : undefined, 'contract.fee-schedule', message),
    };
  }
  take(pricing === 'percent' || undefined, 'contract.pricing', 'pricing must be percent or fee-schedule.');
  const basisPoints = take(
    readPercent(cells.percent ?? percentDefault),
    'contract.percent',
    'percent must be a number from 0 to 100 with at most two decimals.',
  );
  return { pricing: 'percent', basisPoints };
}

/** Hundredths of a percent. */
function readPercent(text: string): number | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const basisPoints = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return basisPoints <= 10_000 ? basisPoints : undefined;
}
