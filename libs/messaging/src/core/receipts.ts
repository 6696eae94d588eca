import { serviceNames, type ServiceName } from '@remitflow/contracts';
import { CannotProceed, remitflowNamespace, uuidV5 } from '@remitflow/kernel';
import type { Publisher } from '../ports/broker.ts';
import type { Message } from '../ports/message.ts';
import { receiptsExchange, receiptsKey } from '../amqp/topology.ts';
import { decodeBody, encodeBody } from './body.ts';
import type { CoreOptions } from './core-options.ts';
import type { Envelope } from './envelope.ts';

/** What one hearer tells one speaker: the outbox rows of which it has committed the end. */
export type Receipts = { readonly hearer: ServiceName; readonly seqs: readonly string[] };

const receiptsType = 'receipts';

/** More than this are not kept for a broker that takes nothing: what has no receipt is only sent again. */
const waitingMax = 20_000;

/**
 * Gathers what this service has committed and tells the speakers, many at a time. Nothing here needs to last: a
 * receipt that is lost costs one message more, which is then recognised as a duplicate.
 */
export class ReceiptSender {
  readonly #options: CoreOptions;
  readonly #publisher: () => Publisher | undefined;
  readonly #closing = new AbortController();
  readonly #waiting = new Map<ServiceName, string[]>();
  #count = 0;
  #running: Promise<void> | undefined;

  constructor(options: CoreOptions, publisher: () => Publisher | undefined) {
    this.#options = options;
    this.#publisher = publisher;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** The end of this message is committed here. Those that name no row of a known speaker have nobody to tell. */
  note({ source, outboxSeq }: Envelope): void {
    const speaker = serviceNames.find((name) => name === source);
    if (!speaker || outboxSeq === undefined || this.#count >= waitingMax) return;
    const seqs = this.#waiting.get(speaker) ?? [];
    seqs.push(outboxSeq);
    this.#waiting.set(speaker, seqs);
    this.#count += 1;
    if (seqs.length === this.#options.settings.receiptIdsMax) void this.#send();
  }

  /** Sends what is there and ends. */
  async close(): Promise<void> {
    this.#closing.abort('over');
    await this.#running;
    await this.#send();
  }

  async #run(): Promise<void> {
    const { clock, settings } = this.#options;
    while (!this.#closing.signal.aborted) {
      await clock.pause(settings.receiptEveryMs, this.#closing.signal);
      await this.#send();
    }
  }

  async #send(): Promise<void> {
    const publisher = this.#publisher();
    if (!publisher || this.#count === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#count = 0;
    const { service, settings } = this.#options;
    await Promise.all(
      waiting.flatMap(([speaker, seqs]) =>
        inSlices(seqs, settings.receiptIdsMax).map((slice) =>
          publisher.publish(
            { exchange: receiptsExchange, key: receiptsKey(speaker, service) },
            this.#message({ hearer: service, seqs: slice }),
          ),
        ),
      ),
    );
    const count = waiting.reduce((sum, [, seqs]) => sum + seqs.length, 0);
    this.#options.observer.observe({ kind: 'receipts-sent', count });
  }

  #message(receipts: Receipts): Message {
    const { service, clock } = this.#options;
    const time = clock.now().toISOString();
    const id = uuidV5(remitflowNamespace, `${receiptsType}/${service}/${time}/${clock.random()}`);
    const { bytes, digest } = encodeBody(receipts);
    return {
      envelope: { id, type: receiptsType, source: service, subject: '', time, correlationId: id, digest },
      body: bytes,
    };
  }
}

/**
 * Notes what a hearer has committed. The name is the sender's, which the broker has checked, never the body's.
 * Throws `receipts.unreadable` for what no hearer of ours sends.
 */
export async function takeReceipts(options: CoreOptions, { envelope, body }: Message): Promise<void> {
  const receipts = decodeBody(body, envelope.digest) as Partial<Receipts> | null;
  const hearer = serviceNames.find((name) => name === receipts?.hearer && name === envelope.source);
  const seqs = receipts?.seqs;
  if (!hearer || !Array.isArray(seqs) || !seqs.every(isSeq)) throw new CannotProceed('receipts.unreadable');
  const { healed } = await options.store.statement(({ outbox }) => outbox.receipted(hearer, seqs));
  if (healed === 0) return;
  options.observer.observe({ kind: 'receipt-healed', hearer, count: healed });
  options.log.info({ hearer, healed }, 'received after all');
}

const isSeq = (value: unknown): value is string => typeof value === 'string' && /^\d{1,18}$/.test(value);

const inSlices = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, place) =>
    items.slice(place * size, (place + 1) * size),
  );
