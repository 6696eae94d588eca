import { defineFact, fields, type FactContract } from '@remitflow/contracts';
import { gate } from './gate.ts';
import { releaseOf, type ReleasedFact } from './released-form.ts';

const {
  Amount,
  Code,
  Count,
  Day,
  Id,
  Instant,
  Money,
  OneOf,
  OneOfOpen,
  Optional,
  Part,
  Parts,
  Personal,
  Text,
  Words,
} = fields;

type Members = Readonly<Record<string, readonly PropertyDecorator[]>>;

let classesMade = 0;

/** A contract class made of fields, so that one of them can be planted differently. */
export function classOf(members: Members): new () => object {
  const made = { [`Planted${++classesMade}`]: class {} }[`Planted${classesMade}`]!;
  for (const [name, decorators] of Object.entries(members)) {
    for (const decorate of [...decorators].reverse()) decorate(made.prototype, name);
  }
  return made;
}

export const anId = '6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a10';

const payer = classOf({ payerId: [Text(80)] });

const request: Members = {
  requestId: [Id()],
  paidCents: [Amount()],
  balanceCents: [Money()],
  count: [Count(1, 99)],
  claimId: [Text(80, 2)],
  kind: [OneOf(['837P', '837I'])],
  origin: [OneOfOpen(['file', 'form'])],
  returnCode: [Code(/^R\d{2}$/)],
  serviceFrom: [Day()],
  decidedAt: [Instant()],
  memberId: [Optional(), Personal(), Text(80)],
  modifiers: [Words(10, 8)],
  note: [Optional(), Text(20)],
  payer: [Part(() => payer)],
};
const body: Members = { submissionId: [Id()] };
const listSize = { min: 1, max: 500 };

export const sample = {
  submissionId: anId,
  requests: [
    {
      requestId: anId,
      paidCents: 1,
      balanceCents: -1,
      count: 2,
      claimId: 'A1',
      kind: '837P',
      origin: 'file',
      returnCode: 'R02',
      serviceFrom: '2026-11-20',
      decidedAt: '2026-11-20T21:00:00Z',
      memberId: 'M1',
      modifiers: ['25'],
      payer: { payerId: 'P1' },
    },
  ],
};

export type Change = {
  readonly request?: Record<string, readonly PropertyDecorator[] | undefined>;
  readonly body?: Record<string, readonly PropertyDecorator[]>;
  readonly size?: { readonly min: number; readonly max: number };
  readonly fact?: Partial<Omit<FactContract, 'items'>> & { items?: string };
};

/** A copy of a contract, with a change planted in it. */
export function copy(change: Change = {}): FactContract {
  const members = Object.fromEntries(
    Object.entries({ ...request, ...change.request }).filter(([, decorators]) => decorators !== undefined),
  ) as Members;
  const item = classOf(members);
  const requests = [Parts(() => item, change.size ?? listSize)];
  return defineFact({
    type: 'requests.copied',
    major: 1,
    body: classOf({ ...body, requests, ...change.body }),
    saidBy: ['validation'],
    heardBy: ['payout', 'audit'],
    items: 'requests' as never,
    subject: (one: object) => (one as typeof sample).submissionId,
    ...(change.fact as object),
  });
}

const releasedAs = (fact: FactContract, of: object = sample): ReleasedFact => ({
  fact: fact.name,
  releases: [releaseOf(fact, of, '1.0')],
});
export const released = [releasedAs(copy())];

/** What the gate says of the copy with the change planted. */
export const linesOn = (change: Change): string[] => gate(released, [copy(change)]);
