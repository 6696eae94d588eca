import {
  checkFact,
  outlineFor,
  type BodyOf,
  type FactContract,
  type ServiceName,
} from '@remitflow/contracts';
import { BrokenInvariant, remitflowNamespace, uuidV5, uuidV7 } from '@remitflow/kernel';
import type { NewOutboxRow, OutboxTable } from '../ports/store.ts';
import { encodeBody } from './body.ts';
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

export type Addressed = {
  readonly id: string;
  readonly contract: FactContract;
  readonly body: object;
  readonly correlationId?: string;
  /** What led to it, when it is not what is being handled. */
  readonly causationId?: string;
  /** When it was first said, if that was before now. */
  readonly saidAt?: string;
};

export type Speaker = {
  readonly service: ServiceName;
  readonly says: readonly FactContract[];
  /** The trace context of the work that is being done. */
  readonly traceParent?: () => string | undefined;
};

/** The outbox of one transaction. Facts are checked against their contract when they are added. */
export class TransactionOutbox implements Outbox {
  readonly #speaker: Speaker;
  readonly #says: ReadonlySet<string>;
  readonly #cause: Envelope | undefined;
  readonly #rows: NewOutboxRow[] = [];

  constructor(speaker: Speaker, cause?: Envelope) {
    this.#speaker = speaker;
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
    this.#push({ id: messageId, contract, body, correlationId: options.correlationId }, null);
    return messageId;
  }

  /**
   * Says something to one service alone: the halves of a bulk message, a message that is redriven. Without an outline: it
   * was refused once, and whoever hears it now looks at the whole.
   */
  addFor(hearer: ServiceName, message: Addressed): void {
    this.#push(message, hearer);
  }

  get size(): number {
    return this.#rows.length;
  }

  /** One statement whatever the number of facts. */
  async write(table: OutboxTable): Promise<void> {
    if (this.#rows.length > 0) await table.write(this.#rows);
  }

  #push(message: Addressed, target: ServiceName | null): void {
    const { id, contract, body } = message;
    this.#rows.push({
      messageId: id,
      factName: contract.name,
      subject: subjectOf(contract, body),
      target,
      hearers: target === null ? contract.heardBy : [target],
      saidAt: message.saidAt ?? null,
      body: encodeBody(body, target === null ? outlineFor(contract, body) : undefined),
      ...this.#originOf(message),
    });
  }

  #originOf({ id, correlationId = id, causationId }: Addressed): Pick<NewOutboxRow, Origin> {
    const traceParent = this.#speaker.traceParent?.() ?? this.#cause?.traceParent ?? null;
    return this.#cause
      ? { correlationId: this.#cause.correlationId, causationId: this.#cause.id, traceParent }
      : { correlationId, causationId: causationId ?? null, traceParent };
  }

  #messageId(contract: FactContract, key: string | undefined): string {
    if (key !== undefined) return uuidV5(remitflowNamespace, `${contract.name}/${key}`);
    if (this.#cause) return uuidV5(this.#cause.id, `${contract.name}/${this.#rows.length}`);
    return uuidV7();
  }
}

type Origin = 'correlationId' | 'causationId' | 'traceParent';

/** The halves of a body that breaks its contract may not even have a subject. */
function subjectOf(contract: FactContract, body: object): string {
  try {
    return String(contract.subject(body) ?? '');
  } catch {
    return '';
  }
}
