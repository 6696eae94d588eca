import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PayeesChanged, RequestsApproved, type ChangedPayee, type FactContract } from '@remitflow/contracts';
import { generateSealingKeys, remitflowNamespace, seal, uuidV5 } from '@remitflow/kernel';
import type { Dispatch, MessagingRuntime } from '@remitflow/messaging';
import type { Database } from '@remitflow/persistence';
import { FiguresStore } from '../outbound/figures.store.ts';

export const sealing = generateSealingKeys();

export const idOf = (name: string): string => uuidV5(remitflowNamespace, `spec/${name}`);

/** The account number of the n-th payee of a spec: a needle that may stand in the NACHA file alone. */
export const accountOf = (n: number, suffix = '0000'): string => `77${String(n).padStart(6, '0')}${suffix}`;

export function aPayee(n: number, change: Partial<ChangedPayee> & { suffix?: string } = {}): ChangedPayee {
  const { suffix, ...rest } = change;
  const accountId = idOf(`account/${n}`);
  return {
    payeeId: idOf(`payee/${n}`),
    version: 1,
    npi: '1234567893',
    taxId: '123456789',
    name: `Dr. Zoë Practice ${n} of the Northern Valley`,
    status: 'active',
    account: {
      accountId,
      routingNumber: '021000021',
      accountType: n % 2 === 0 ? 'checking' : 'savings',
      lastDigits: accountOf(n, suffix).slice(-4),
      status: 'active',
      sealedNumber: seal(accountOf(n, suffix), sealing.publicKey, accountId),
    },
    ...rest,
  };
}

const anApproval = (name: string, payee: number, paidCents: number) => ({
  requestId: idOf(`request/${name}`),
  position: 1,
  kind: '837P' as const,
  claimId: `CLM-${name}`,
  frequency: '1',
  payeeId: idOf(`payee/${payee}`),
  contractId: idOf('contract'),
  rulesVersion: '1',
  subscriber: {},
  serviceFrom: '2026-11-02',
  serviceTo: '2026-11-02',
  receivedOn: '2026-11-20',
  billedCents: paidCents,
  paidCents,
  lines: [
    {
      lineNumber: 1,
      modifiers: [],
      serviceFrom: '2026-11-02',
      serviceTo: '2026-11-02',
      chargeCents: paidCents,
      paidCents,
      adjustments: [],
    },
  ],
});

/** Whatever JSON the service gives; a spec says what it expects of it. */
export type Loose = ReturnType<typeof JSON.parse>;

export type Said = { readonly type: string; readonly id: string; readonly body: Record<string, unknown> };

/** Payout as it runs, with validation speaking to it and audit listening. */
export type Stage<Service> = {
  readonly service: Service;
  readonly outbox: string;
  readonly inbox: string;
  readonly heard: Said[];
  said(contract: FactContract): Record<string, unknown>[];
  tellPayees(...payees: ChangedPayee[]): Promise<void>;
  /** [name, number of the payee, cents] */
  approve(...requests: [string, number, number][]): Promise<void>;
  ask(path: string, body?: object): Promise<{ status: number; answer: Loose }>;
  rows(sql: string): Promise<Record<string, Loose>[]>;
  /** Ends the service; fails when its books do not balance. */
  close(): Promise<void>;
};

/** A folder for the rail of one spec, and the environment that names it. */
export function aRail() {
  const folder = mkdtempSync(join(tmpdir(), 'payout-'));
  const [outbox, inbox] = [join(folder, 'outbox'), join(folder, 'inbox')];
  const environment = {
    SEAL_PRIVATE_KEY: sealing.privateKey,
    ACCOUNT_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    RAIL_OUTBOX_DIR: outbox,
    RAIL_INBOX_DIR: inbox,
    CUT_OFF: 'off',
  };
  return { folder, outbox, inbox, environment };
}

type Speaking = (
  service: 'audit' | 'validation',
  says: readonly FactContract[],
  dispatch?: Dispatch,
) => Promise<MessagingRuntime>;

/** The service that a spec has opened, as far as the stage uses it. */
type OpenedService = {
  readonly url: string;
  readonly database: Pick<Database, 'query'>;
  readonly speakAs: Speaking;
  close(): Promise<void>;
};

type Eventually = (look: () => Promise<boolean>) => Promise<unknown>;

export async function openStage<Service extends OpenedService>(
  service: Service,
  { folder, outbox, inbox }: ReturnType<typeof aRail>,
  eventually: Eventually,
): Promise<Stage<Service>> {
  const heard: Said[] = [];
  await service.speakAs('audit', [], async (contract, body, { envelope }) => {
    heard.push({ type: contract.name, id: envelope.id, body: body as Record<string, unknown> });
  });
  const validation = await service.speakAs('validation', [PayeesChanged, RequestsApproved]);
  const rows = (sql: string) => service.database.query<Record<string, Loose>>(sql);
  return {
    service,
    outbox,
    inbox,
    heard,
    rows,
    said: (contract) => heard.filter(({ type }) => type === contract.name).map(({ body }) => body),
    tellPayees: (...payees) => tellPayees({ validation, rows, eventually }, payees),
    approve: (...requests) => approve({ validation, rows, eventually }, requests),
    ask: async (path, body) => {
      const response = await fetch(`${service.url}${path}`, {
        ...(body && {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      });
      return { status: response.status, answer: await response.json() };
    },
    close: async () => {
      const imbalanceCents = await new FiguresStore(service.database).imbalanceCents();
      await service.close();
      rmSync(folder, { recursive: true, force: true });
      if (imbalanceCents !== 0)
        throw new Error(`ledger, payables and payments differ by ${imbalanceCents} cents`);
    },
  };
}

type Teller = { validation: MessagingRuntime; rows: Stage<unknown>['rows']; eventually: Eventually };

async function tellPayees({ validation, rows, eventually }: Teller, payees: ChangedPayee[]): Promise<void> {
  const id = await validation.work(async ({ outbox }) => outbox.add(PayeesChanged, { payees }));
  await eventually(async () => (await rows(`select 1 from inbox where message_id = '${id}'`)).length === 1);
}

async function approve(
  { validation, rows, eventually }: Teller,
  requests: [string, number, number][],
): Promise<void> {
  const id = await validation.work(async ({ outbox }) =>
    outbox.add(RequestsApproved, {
      submissionId: idOf('submission'),
      requests: requests.map(([name, payee, cents]) => anApproval(name, payee, cents)),
    }),
  );
  await eventually(async () => (await rows(`select 1 from inbox where message_id = '${id}'`)).length === 1);
}
