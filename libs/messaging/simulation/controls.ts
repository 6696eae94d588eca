import { serviceNames } from '@remitflow/contracts';
import type { Subscriber } from '../src/ports/broker.ts';
import type { StoreUnit } from '../src/ports/store.ts';
import type { SimulationOptions } from './simulate.ts';
import { methodsOf, tablesOf, withPublisher, withSubscriber, withUnit, type Wrapping } from './wrapping.ts';

/** A safeguard taken away, and the invariant that must notice. */
export type Control = {
  readonly name: string;
  readonly invariant: string;
  readonly options: SimulationOptions;
};

const control = (name: string, invariant: string, wrapping: Wrapping): Control => ({
  name,
  invariant,
  options: { wrapping },
});

type Part = 'inbox' | 'outbox' | 'retries' | 'deadLetters';

/** The same tables, with some of what one of them does replaced. */
const changed = <Name extends Part>(
  part: Name,
  change: (unit: StoreUnit) => Partial<StoreUnit[Name]>,
): Wrapping['store'] =>
  withUnit((unit) => ({ ...tablesOf(unit), [part]: { ...unit[part], ...change(unit) } }));

/** Whatever is published counts as received at once: no receipt is waited for, and nothing is sent again. */
const doneWhenPublished = changed('outbox', (unit) => ({
  published: async (outcome) => {
    await unit.outbox.published(outcome);
    for (const hearer of serviceNames) await unit.outbox.receipted(hearer, outcome.seqs);
  },
}));

const acknowledgingFirst = (subscriber: Subscriber): Subscriber => ({
  ...methodsOf(subscriber),
  consume: (queue, { onDelivery, onCancelled }) =>
    subscriber.consume(queue, {
      onCancelled,
      onDelivery: (delivery) => {
        subscriber.ack(delivery);
        onDelivery(delivery);
      },
    }),
  ack: () => undefined,
  giveBack: () => undefined,
  reject: () => undefined,
});

const deafToCancels = (subscriber: Subscriber): Subscriber => ({
  ...methodsOf(subscriber),
  consume: (queue, { onDelivery }) => subscriber.consume(queue, { onDelivery, onCancelled: () => undefined }),
});

const withoutDeadQueue = (subscriber: Subscriber): Subscriber => ({
  ...methodsOf(subscriber),
  consume: (queue, events) =>
    queue.endsWith('.dead') ? Promise.resolve('nobody') : subscriber.consume(queue, events),
});

const trustingReturned = withPublisher((publisher) => ({
  publish: async (address, message) => {
    const outcome = await publisher.publish(address, message);
    return outcome === 'returned' ? 'confirmed' : outcome;
  },
}));

const withoutReceipts = withPublisher((publisher) => ({
  publish: (address, message) =>
    address.exchange === 'remitflow.receipts'
      ? Promise.resolve('confirmed')
      : publisher.publish(address, message),
}));

export const controls: readonly Control[] = [
  control('no inbox', 'nothing-doubled', {
    store: changed('inbox', (unit) => ({
      arrive: async (envelope, outcome) => {
        await unit.inbox.arrive(envelope, outcome);
        return 'new';
      },
    })),
  }),
  control('acknowledged before the commit, no receipts', 'each-said-heard-once', {
    store: doneWhenPublished,
    broker: withSubscriber(acknowledgingFirst),
  }),
  control('a returned message taken for published, no receipts', 'audit-complete', {
    store: doneWhenPublished,
    broker: trustingReturned,
  }),
  control('a row done with when it is published', 'each-said-heard-once', { store: doneWhenPublished }),
  control('no receipts sent', 'drains', { broker: withoutReceipts }),
  control('a cancel by the broker not listened to', 'ready-means-consuming', {
    broker: withSubscriber(deafToCancels),
  }),
  control('a cancel by the broker not listened to', 'drains', { broker: withSubscriber(deafToCancels) }),
  control('the dead queue not drained', 'drains', { broker: withSubscriber(withoutDeadQueue) }),
  control('digests not compared', 'digest-conflicts-seen', {
    store: changed('inbox', (unit) => ({
      arrive: async (envelope, outcome) => {
        const arrival = await unit.inbox.arrive(envelope, outcome);
        return arrival === 'digest-conflict' ? 'duplicate' : arrival;
      },
    })),
  }),
  control('a retry forgotten when it is begun', 'each-said-heard-once', {
    store: changed('retries', (unit) => ({
      leaseDue: async (leaseMs) => {
        const leased = await unit.retries.leaseDue(leaseMs);
        if (leased) await unit.retries.remove(leased.envelope.id);
        return leased;
      },
    })),
  }),
  control('a retry never looked for', 'drains', {
    store: changed('retries', () => ({ leaseDue: async () => undefined })),
  }),
  control('a dead letter without what was tried', 'dead-letters-are-the-poison', {
    store: changed('deadLetters', (unit) => ({
      park: (parking) => unit.deadLetters.park({ ...parking, attempts: [] }),
    })),
  }),
  control('a message claimed outside of the transaction of its effects', 'each-said-heard-once', {
    store: (port) => ({
      ...port,
      transaction: (work) =>
        port.transaction((unit) => {
          const arrive: StoreUnit['inbox']['arrive'] = (envelope, outcome) =>
            port.transaction((other) => other.inbox.arrive(envelope, outcome));
          return work({ ...tablesOf(unit), inbox: { ...unit.inbox, arrive } });
        }),
    }),
  }),
  control('an outage taken for the fault of the message', 'dead-letters-are-the-poison', {
    store: (port) => ({ ...port, troubleOf: () => 'none' }),
  }),
];
