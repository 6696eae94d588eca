import type { Address, ChannelEvents, Publisher, PublishOutcome } from '../../src/ports/broker.ts';
import type { Message } from '../../src/ports/message.ts';
import type { SimulatedLink } from './link.ts';

/** A channel to publish on. */
export class SimulatedPublisher implements Publisher {
  readonly #link: SimulatedLink;
  readonly #events: ChannelEvents;
  readonly #unanswered = new Set<(outcome: PublishOutcome) => void>();
  #isOpen = true;
  #isBroken = false;
  /** The most that ever waited for an answer at once. */
  unansweredPeak = 0;

  constructor(link: SimulatedLink, events: ChannelEvents) {
    this.#link = link;
    this.#events = events;
  }

  publish(address: Address, message: Message): Promise<PublishOutcome> {
    const link = this.#link;
    if (!this.#isOpen || !link.isOpen) return Promise.resolve('lost');
    return new Promise((resolve) => {
      this.#unanswered.add(resolve);
      this.unansweredPeak = Math.max(this.unansweredPeak, this.#unanswered.size);
      link.send(() => {
        if (!this.#isOpen || this.#isBroken) return;
        const outcome = link.broker.accept(address, message);
        link.receive(() => this.#answer(resolve, outcome));
      }, true);
    });
  }

  #answer(resolve: (outcome: PublishOutcome) => void, outcome: PublishOutcome): void {
    if (this.#unanswered.delete(resolve)) resolve(outcome);
  }

  /** The broker closes the channel, and nothing else. */
  breakOff(reason: string): void {
    if (!this.#isOpen || this.#isBroken) return;
    this.#isBroken = true;
    this.#link.receive(() => this.ended(reason, true));
  }

  ended(reason: string, tells: boolean): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#link.publishers.delete(this);
    for (const resolve of this.#unanswered) resolve('lost');
    this.#unanswered.clear();
    if (tells) this.#events.onLost(reason);
  }
}
