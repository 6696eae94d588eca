import { compactDate } from '@remitflow/kernel';
import { InterchangeWriter, type OutgoingEnvelope } from '../writing/interchange-writer.ts';
import { inPieces } from '../writing/pieces.ts';
import { basicText } from '../writing/text.ts';
import type { ClaimType } from './claim.ts';
import type { ClaimBatch, ProviderToWrite, SubscriberToWrite } from './claim-batch.ts';
import { writeClaim } from './write-claim.ts';
import { writePatient, writeProvider, writeSubscriber } from './write-levels.ts';

const versions: Readonly<Record<ClaimType, string>> = { '837P': '005010X222A1', '837I': '005010X223A2' };

/**
 * Writes 837 claims as one interchange, in pieces of about 16 KiB, in constant memory.
 * Throws `x12.delimiter-in-text` when an id holds a delimiter.
 */
export const writeClaims = (batch: ClaimBatch, envelope: OutgoingEnvelope): Generator<string> =>
  inPieces(claimParts(batch, envelope));

function* claimParts(batch: ClaimBatch, envelope: OutgoingEnvelope): Generator<string> {
  const writer = new InterchangeWriter(envelope, { id: 'HC', version: versions[batch.type] });
  const transactions = new TransactionWriter(batch, envelope, writer);
  yield writer.open();
  for (const provider of batch.providers) {
    transactions.startProvider(provider);
    for (const subscriber of provider.subscribers) yield* transactions.write(subscriber);
  }
  yield transactions.close() + writer.close();
}

/** Opens sets as they are needed, and repeats the billing provider in each. */
class TransactionWriter {
  #claims = 0;
  #sets = 0;
  #levels = 0;
  #billingLevel = 0;
  #provider: ProviderToWrite | undefined;
  #isOpen = false;
  #isProviderOpen = false;

  constructor(
    private readonly batch: ClaimBatch,
    private readonly envelope: OutgoingEnvelope,
    private readonly writer: InterchangeWriter,
  ) {}

  startProvider(provider: ProviderToWrite): void {
    this.#provider = provider;
    this.#isProviderOpen = false;
  }

  *write(subscriber: SubscriberToWrite): Generator<string> {
    let isSubscriberOpen = false;
    for (const claim of subscriber.claims) {
      if (this.#claims >= (this.batch.claimsPerTransaction ?? claimsAdvisedMax)) yield this.close();
      const levels = isSubscriberOpen && this.#isOpen ? '' : this.#openLevels(subscriber);
      yield levels + writeClaim(claim, this.batch.type, this.writer);
      isSubscriberOpen = true;
      this.#claims += 1;
    }
  }

  close(): string {
    if (!this.#isOpen) return '';
    this.#isOpen = this.#isProviderOpen = false;
    this.#claims = 0;
    return this.writer.closeTransaction();
  }

  #openLevels(subscriber: SubscriberToWrite): string {
    const written = [this.#isOpen ? '' : this.#openTransaction()];
    if (!this.#isProviderOpen) {
      this.#isProviderOpen = true;
      this.#billingLevel = this.#levels += 1;
      written.push(writeProvider(this.#provider!, this.#billingLevel, this.writer));
    }
    const level = (this.#levels += 1);
    written.push(writeSubscriber(subscriber, { level, parent: this.#billingLevel }, this.writer));
    if (subscriber.patient) {
      this.#levels += 1;
      written.push(writePatient(subscriber.patient, { level: this.#levels, parent: level }, this.writer));
    }
    return written.join('');
  }

  #openTransaction(): string {
    const { batch, envelope, writer } = this;
    const { submitter, receiver } = batch;
    this.#isOpen = true;
    this.#sets += 1;
    this.#levels = 0;
    const reference = this.#sets === 1 ? batch.batchReference : `${batch.batchReference}-${this.#sets}`;
    const phone = submitter.contact.phone.replace(/\D/g, '');
    return [
      writer.openTransaction('837', versions[batch.type]),
      writer.segment('BHT', '0019', '00', reference, compactDate(envelope.date), envelope.time, 'CH'),
      writer.segment('NM1', '41', '2', basicText(submitter.name, 60), '', '', '', '', '46', submitter.id),
      writer.segment('PER', 'IC', basicText(submitter.contact.name, 60), 'TE', phone),
      writer.segment('NM1', '40', '2', basicText(receiver.name, 60), '', '', '', '', '46', receiver.id),
    ].join('');
  }
}

/** 837 guides: at most 5,000 CLM in a set. */
const claimsAdvisedMax = 5_000;
