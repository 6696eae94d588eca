import type { Address, BrokerLink, Publisher, PublishOutcome } from '../ports/broker.ts';
import type { OutboxRow } from '../ports/store.ts';
import type { Message } from '../ports/message.ts';
import { againExchange, againKey, factsExchange } from '../amqp/topology.ts';
import type { CoreOptions } from './core-options.ts';
import { LinkKeeper } from './link-keeper.ts';
import { resendOverdue } from './resend.ts';
import { Bell, within } from './waiting.ts';

/**
 * Carries outbox rows to the broker, in the order in which they were said. A row is published when the broker has
 * confirmed it and has not returned it; one process a service does this at a time.
 */
export class Relay {
  readonly #options: CoreOptions;
  readonly #keeper: LinkKeeper;
  readonly #bell: Bell;
  readonly #closing = new AbortController();
  #link: BrokerLink | undefined;
  #publisher: Publisher | undefined;
  #blocked = false;
  #running: Promise<void> | undefined;
  #turnedAt: number;
  /** Rows to be published one at a time, since one of them may have cost the last window its channel. */
  #careful = 0;
  /** The row that was lost when it was published alone. */
  #suspect: string | undefined;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.#bell = new Bell(options.clock);
    this.#turnedAt = options.clock.now().getTime();
    this.#keeper = new LinkKeeper({
      broker: options.broker,
      clock: options.clock,
      name: `remitflow-${options.service}-publish`,
      onOpen: (link) => this.#open(link),
      onLost: (reason) => this.#lost(reason),
      onBlocked: (reason) => this.#block(reason),
      onUnblocked: () => this.#unblock(),
    });
  }

  get connected(): boolean {
    return this.#publisher !== undefined;
  }

  /** The broker has stopped taking messages (memory or disk alarm). */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** To publish on now; undefined while there is no connection, or the broker takes nothing. */
  get publisher(): Publisher | undefined {
    return this.#blocked ? undefined : this.#publisher;
  }

  /** Whether it has not come round for longer than anything it waits for takes: then something waits for ever. */
  get stuck(): boolean {
    return elapsed(this.#options.clock.now().getTime(), this.#turnedAt) > stuckAfterMs;
  }

  start(): void {
    this.#keeper.start();
    this.#running ??= this.#run();
  }

  /** Something was said: publish it now rather than at the next poll. */
  wake(): void {
    this.#bell.ring();
  }

  /** Publishes what is there, for at most the time given, and leaves. */
  async close(flushMs = 5_000): Promise<void> {
    const { clock } = this.#options;
    const deadline = clock.now().getTime() + flushMs;
    while (this.publisher && clock.now().getTime() < deadline && (await this.#somethingToSay())) {
      this.wake();
      await clock.pause(20);
    }
    this.#closing.abort('over');
    await this.#running;
    await this.#keeper.close();
  }

  async #somethingToSay(): Promise<boolean> {
    try {
      return (
        (await this.#options.store.statement(({ outbox }) => outbox.next({ rows: 1, bytes: 1 }))).length > 0
      );
    } catch {
      return false;
    }
  }

  async #open(link: BrokerLink): Promise<void> {
    this.#publisher = await link.openPublisher({
      onLost: (reason) => {
        this.#publisher = undefined;
        this.#tell();
        this.#options.log.warn({ reason }, 'publish channel closed');
        void this.#keeper.reset();
      },
    });
    this.#link = link;
    this.#blocked = false;
    this.#tell();
    this.wake();
  }

  #lost(reason: string): void {
    this.#publisher = undefined;
    this.#link = undefined;
    this.#blocked = false;
    this.#tell();
    if (!this.#closing.signal.aborted) this.#options.log.warn({ reason }, 'publish connection lost');
  }

  #block(reason: string): void {
    this.#blocked = true;
    this.#tell();
    this.#options.log.warn({ reason }, 'broker takes no messages');
  }

  #unblock(): void {
    this.#blocked = false;
    this.#tell();
    this.wake();
  }

  #tell(): void {
    this.#options.observer.observe({ kind: 'relay', connected: this.connected, blocked: this.#blocked });
  }

  async #run(): Promise<void> {
    const { store, clock, settings, log } = this.#options;
    while (!this.#closing.signal.aborted) {
      this.#turnedAt = clock.now().getTime();
      try {
        const led = await store.whileLeading(`outbox-relay`, (still) => this.#lead(still));
        if (led === undefined) await clock.pause(settings.pollMs, this.#closing.signal);
      } catch (error) {
        log.warn({ reason: error instanceof Error ? error.message : '' }, 'outbox not readable');
        await clock.pause(settings.pollMs, this.#closing.signal);
      }
    }
  }

  async #lead(stillLeading: () => Promise<boolean>): Promise<true> {
    const { clock, settings } = this.#options;
    const now = (): number => clock.now().getTime();
    let resentAt = now();
    for (let checkedAt = now(); !this.#closing.signal.aborted;) {
      this.#turnedAt = now();
      const published = this.publisher ? await this.#publishWindow(this.publisher) : 0;
      if (published === 0) await this.#bell.wait(settings.pollMs, this.#closing.signal);
      if (elapsed(now(), checkedAt) > settings.leadershipCheckMs) {
        if (!(await stillLeading())) return true;
        checkedAt = now();
      }
      if (elapsed(now(), resentAt) > settings.receiptTimeoutMs / 4) {
        await this.#resend();
        resentAt = now();
      }
    }
    return true;
  }

  async #resend(): Promise<void> {
    if (!this.publisher || !this.#link) return;
    await resendOverdue(this.#options, {
      link: this.#link,
      publish: (address, message) => this.#publish(this.publisher, address, message),
    });
  }

  async #publishWindow(publisher: Publisher): Promise<number> {
    const { store, settings, pass } = this.#options;
    const most = this.#careful > 0 ? 1 : settings.windowMax;
    const rows = await store.statement(({ outbox }) =>
      outbox.next({ rows: most, bytes: settings.windowBytesMax }),
    );
    if (rows.length === 0) return (this.#careful = 0);
    pass('before-publish');
    const publishing = Promise.all(rows.map((row) => this.#publish(publisher, addressOf(row), row.message)));
    pass('before-confirm');
    const outcomes = await publishing;
    pass('before-mark');
    const withOutcome = (wanted: PublishOutcome): OutboxRow[] =>
      rows.filter((_, place) => outcomes[place] === wanted);
    const [confirmed, returned] = [withOutcome('confirmed'), withOutcome('returned')];
    const forbidden = this.#findForbidden(rows, withOutcome('lost'));
    await this.#mark(confirmed, returned, settings.returnedWaitMs);
    if (forbidden) await this.#mark([], [forbidden], forbiddenWaitMs);
    if (returned.length > 0) this.#complain(returned, 'nobody to route to');
    if (forbidden) this.#complain([forbidden], 'ends the channel that it is published on; put off');
    return confirmed.length;
  }

  /**
   * A row that may not be published ends its channel, and with it everything beside it: after a loss rows go one at a
   * time, and the one that is lost twice when it goes alone is put off.
   */
  #findForbidden(rows: readonly OutboxRow[], lost: readonly OutboxRow[]): OutboxRow | undefined {
    const alone = rows.length === 1 ? lost[0] : undefined;
    this.#careful = Math.max(lost.length, this.#careful - 1);
    const again = alone !== undefined && alone.seq === this.#suspect;
    this.#suspect = again ? undefined : alone?.seq;
    return again ? alone : undefined;
  }

  async #mark(
    confirmed: readonly OutboxRow[],
    putOff: readonly OutboxRow[],
    putOffMs: number,
  ): Promise<void> {
    if (confirmed.length + putOff.length === 0) return;
    const seqsOf = (rows: readonly OutboxRow[]): string[] => rows.map(({ seq }) => seq);
    await this.#options.store.statement(({ outbox }) =>
      outbox.published({ seqs: seqsOf(confirmed), putOff: seqsOf(putOff), putOffMs }),
    );
  }

  #complain(rows: readonly OutboxRow[], what: string): void {
    const { type, id } = rows[0]!.message.envelope;
    this.#options.log.error({ rows: rows.length, fact: type, messageId: id }, what);
  }

  async #publish(
    publisher: Publisher | undefined,
    address: Address,
    message: Message,
  ): Promise<PublishOutcome> {
    const { clock, observer, settings } = this.#options;
    const since = clock.now().getTime();
    const limit = { durationMs: settings.confirmTimeoutMs, late: 'lost' as const };
    const publishing = async (): Promise<PublishOutcome> =>
      publisher ? within(clock, limit, publisher.publish(address, message)) : 'lost';
    const outcome = await observer.publishing(message.envelope, publishing);
    const durationMs = elapsed(clock.now().getTime(), since);
    observer.observe({ kind: 'published', fact: message.envelope.type, outcome, durationMs });
    return outcome;
  }
}

/** A row that may not be published needs a person, or the provisioning that its release waits for. */
const forbiddenWaitMs = 10_000;

/** Far above a window of confirms and a statement that is given up. */
const stuckAfterMs = 180_000;

/** A clock that was set back must not make a wait endless. */
const elapsed = (now: number, since: number): number => Math.abs(now - since);

const addressOf = ({ target, message }: OutboxRow): Address =>
  target === null
    ? { exchange: factsExchange, key: message.envelope.type }
    : { exchange: againExchange, key: againKey(target, message.envelope.type) };
