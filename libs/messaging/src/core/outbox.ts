import { checkFact, type BodyOf, type FactContract, type ServiceName } from '@remitflow/contracts';
import { BrokenInvariant, remitflowNamespace, uuidV5, uuidV7 } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import { encodeBody, type EncodedBody } from './body.ts';
import type { Envelope } from './envelope.ts';

export type SayOptions = {
  /** What makes this fact one of a kind; the same key makes the same message id, so it is said once. */
  readonly key?: string;
  /** Ties together what follows from one submission; taken from the cause when there is one. */
  readonly correlationId?: string;
};

/** Where a service says its facts: they leave when, and only when, the transaction commits. */
export type Outbox<Said extends FactContract = FactContract> = {
  add<Contract extends Said>(contract: Contract, body: BodyOf<Contract>, options?: SayOptions): string;
};

type Row = {
  messageId: string;
  factName: string;
  subject: string;
  target: string | null;
  correlationId: string;
  causationId: string | null;
  traceParent: string | null;
  body: EncodedBody;
};

type Addressed = { id: string; contract: FactContract; body: object; correlationId?: string };

/** The outbox of one transaction. Facts are checked against their contract when they are added. */
export class TransactionOutbox implements Outbox {
  readonly #says: ReadonlySet<string>;
  readonly #cause: Envelope | undefined;
  readonly #rows: Row[] = [];

  constructor(speaker: { service: ServiceName; says: readonly FactContract[] }, cause?: Envelope) {
    this.#says = new Set(speaker.says.map((fact) => fact.name));
    this.#cause = cause;
  }

  add<Contract extends FactContract>(
    contract: Contract,
    body: BodyOf<Contract>,
    options: SayOptions = {},
  ): string {
    if (!this.#says.has(contract.name))
      throw new BrokenInvariant('outbox.undeclared-fact', { fact: contract.name });
    checkFact(contract, body);
    const messageId = this.#messageId(contract, options.key);
    this.#push({ id: messageId, contract, body, target: null, correlationId: options.correlationId });
    return messageId;
  }

  /** Says something to one queue alone: the halves of a bulk message, a message that is redriven. */
  addFor(queue: string, message: Addressed): void {
    this.#push({ ...message, target: queue });
  }

  get size(): number {
    return this.#rows.length;
  }

  /** One statement whatever the number of facts; a fact that was said before is left alone. */
  async write(tx: Transaction): Promise<void> {
    if (this.#rows.length === 0) return;
    const column = <T>(pick: (row: Row) => T): T[] => this.#rows.map(pick);
    await tx.execute(
      `insert into outbox (message_id, fact_name, subject, target, correlation_id, causation_id, trace_parent, digest, body)
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::bytea[], $9::bytea[])
       on conflict (message_id) where target is null do nothing`,
      [
        column((row) => row.messageId),
        column((row) => row.factName),
        column((row) => row.subject),
        column((row) => row.target),
        column((row) => row.correlationId),
        column((row) => row.causationId),
        column((row) => row.traceParent),
        column((row) => Buffer.from(row.body.digest, 'hex')),
        column((row) => row.body.bytes),
      ],
    );
  }

  #push({ id, contract, body, target, correlationId }: Addressed & { target: string | null }): void {
    this.#rows.push({
      messageId: id,
      factName: contract.name,
      subject: subjectOf(contract, body),
      target,
      correlationId: this.#cause?.correlationId ?? correlationId ?? id,
      causationId: this.#cause?.id ?? null,
      traceParent: this.#cause?.traceParent ?? null,
      body: encodeBody(body),
    });
  }

  #messageId(contract: FactContract, key: string | undefined): string {
    if (key !== undefined) return uuidV5(remitflowNamespace, `${contract.name}/${key}`);
    if (this.#cause) return uuidV5(this.#cause.id, `${contract.name}/${this.#rows.length}`);
    return uuidV7();
  }
}

/** The halves of a body that breaks its contract may not even have a subject. */
function subjectOf(contract: FactContract, body: object): string {
  try {
    return String(contract.subject(body) ?? '');
  } catch {
    return '';
  }
}
