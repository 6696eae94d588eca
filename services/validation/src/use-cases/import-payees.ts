import { readRegistration, type Cells, type PayeeRegistration } from '../domain/payee-registration.ts';
import { registerPayees, type Needs as RegisteringNeeds } from './register-payees.ts';

/** One row of the file: its cells, or why it could not be cut into cells. */
export type PayeeRow =
  | { readonly line: number; readonly cells: Cells }
  | { readonly line: number; readonly problem: { readonly code: string; readonly message: string } };

export type RefusedRow = { readonly line: number; readonly code: string; readonly message: string };

export type ImportReport = {
  /** Rows that are on file now, whether or not they said anything new. */
  imported: number;
  /** Payees of which something changed. */
  changed: number;
  refusedRows: number;
  /** The first of the refused rows, at most {@link refusedRowsTold}. */
  refused: RefusedRow[];
};

export type Needs = {
  /** One transaction for one part of the file. */
  inWork<T>(perform: (work: RegisteringNeeds & FeeScheduleNeeds) => Promise<T>): Promise<T>;
};

type FeeScheduleNeeds = { feeSchedules: { names(): Promise<ReadonlySet<string>> } };

export const rowsPerTransaction = 500;
const refusedRowsTold = 10_000;

/** Registers the good rows, part by part, and reports the others. Sending the file again changes nothing. */
export async function importPayees(
  { inWork }: Needs,
  rows: AsyncIterable<PayeeRow> | Iterable<PayeeRow>,
): Promise<ImportReport> {
  const report: ImportReport = { imported: 0, changed: 0, refusedRows: 0, refused: [] };
  const feeSchedules = await inWork((work) => work.feeSchedules.names());
  let part = new Map<string, PayeeRegistration>();
  const register = async (): Promise<void> => {
    const registrations = [...part.values()];
    part = new Map();
    report.changed += await inWork((work) => registerPayees(work, registrations));
    report.imported += registrations.length;
  };
  for await (const row of rows) {
    const read = readRow(row, feeSchedules);
    if ('code' in read) refuseRow(report, read);
    else {
      // A payee with two contracts has two rows: they are written one after the other.
      if (part.size >= rowsPerTransaction || part.has(read.npi)) await register();
      part.set(read.npi, read);
    }
  }
  await register();
  return report;
}

function readRow(row: PayeeRow, feeSchedules: ReadonlySet<string>): PayeeRegistration | RefusedRow {
  if ('problem' in row) return { line: row.line, ...row.problem };
  const read = readRegistration(row.cells, feeSchedules);
  if (read.ok) return read.value;
  const message = read.problem.map((problem) => problem.message).join(' ');
  return { line: row.line, code: read.problem[0]!.code, message };
}

function refuseRow(report: ImportReport, row: RefusedRow): void {
  report.refusedRows += 1;
  if (report.refused.length < refusedRowsTold) report.refused.push(row);
}
