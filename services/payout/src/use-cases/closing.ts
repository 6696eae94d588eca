import type { Outbox, RuntimeLog } from '@remitflow/messaging';
import type {
  Abandonment,
  AnnouncedPage,
  AnnouncedUntil,
  Cycle,
  CycleFile,
  CycleStatus,
  CycleSums,
  FileDates,
  NewCycle,
  NewPayment,
  RailTerms,
  Released,
  SentPayment,
  StoredFile,
  StoredPayment,
  StuckCause,
} from '../domain/cycle.ts';
import type { OpenPayables, OpenPayee } from '../domain/form-payments.ts';

/** What one step of closing a cycle is done with: one transaction. */
export type ClosingWork = {
  readonly outbox: Outbox;
  readonly payables: {
    open(page: { after: string; most: number }): Promise<OpenPayee[]>;
    isAnyPayable(): Promise<boolean>;
    claim(payments: readonly { payeeId: string; paymentId: string }[]): Promise<OpenPayables[]>;
    release(paymentIds: readonly string[]): Promise<void>;
    ofCycle(cycleId: string, page: AnnouncedUntil & { most: number }): Promise<AnnouncedPage>;
  };
  readonly cycles: {
    waitForTurn(): Promise<void>;
    watchedSince(): Promise<Date>;
    isCutOffDone(cutOff: Date): Promise<boolean>;
    add(cycle: NewCycle): Promise<void>;
    formed(cycleId: string, sums: CycleSums): Promise<void>;
    unfinished(): Promise<string | undefined>;
    lock(cycleId: string): Promise<Cycle>;
    advance(cycleId: string, status: Exclude<CycleStatus, 'closed' | 'abandoned'>): Promise<void>;
    stick(cycleId: string, cause: StuckCause): Promise<void>;
    unstick(cycleId: string): Promise<boolean>;
    abandon(order: Abandonment, at: Date): Promise<void>;
    announced(cycleId: string, until: AnnouncedUntil & { parts: number }): Promise<void>;
    saidSent(cycleId: string, until: { parts: number; traceNumber: string }): Promise<void>;
    close(cycleId: string, at: Date): Promise<void>;
    filesOn(immediateDestination: string, day: string): Promise<number>;
    addFile(cycleId: string, file: CycleFile): Promise<void>;
    file(cycleId: string): Promise<StoredFile | undefined>;
    redateFile(cycleId: string, dates: FileDates): Promise<void>;
    fileBuilt(cycleId: string, built: { sha256: string; bytes: number }): Promise<void>;
    fileLeaves(cycleId: string): Promise<void>;
  };
  readonly payments: {
    takeTraces(odfi: string, count: number): Promise<number>;
    add(cycleId: string, payments: readonly NewPayment[]): Promise<void>;
    ofCycle(cycleId: string, page: { after: string; most: number }): Promise<StoredPayment[]>;
    sentOf(cycleId: string, page: { after: string; most: number }): Promise<SentPayment[]>;
    abandon(order: Abandonment): Promise<Released>;
    payablesOf(cycleId: string): Promise<{ requests: number; amountCents: number }>;
  };
};

type Written = { readonly path: string; readonly sha256: string; readonly bytes: number };

/** What closing a cycle needs beside its transactions. */
export type ClosingNeeds = {
  work<T>(perform: (work: ClosingWork) => Promise<T>): Promise<T>;
  readonly rail: {
    write(fileName: string, pieces: AsyncIterable<string>): Promise<Written>;
    read(path: string): AsyncIterable<Uint8Array>;
    keep(written: Written, fileName: string): Promise<void>;
    isReady(fileName: string): Promise<boolean>;
    makeVisible(fileName: string): Promise<void>;
    takeAway(fileName: string): Promise<void>;
  };
  readonly numbers: { decrypt(accountId: string, encrypted: string): string };
  readonly terms: RailTerms;
  readonly log: RuntimeLog;
  now(): Date;
  /** Called between any two things that could be parted by a crash; a spec throws here. */
  checkpoint?(name: string): void;
};
