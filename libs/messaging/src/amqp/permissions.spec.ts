import { describe, expect, it } from '@jest/globals';
import { facts, serviceNames, type ServiceName } from '@remitflow/contracts';
import { permissionsOf } from './permissions.ts';
import {
  againExchange,
  againKey,
  deadExchange,
  factsExchange,
  queueOf,
  receiptsExchange,
  receiptsKey,
  topologyOf,
} from './topology.ts';

const may = (service: ServiceName, exchange: string, key: string): boolean => {
  const { write, topics } = permissionsOf(service);
  const topic = topics.find((one) => one.exchange === exchange);
  return new RegExp(write).test(exchange) && new RegExp(topic?.write ?? '').test(key);
};

describe('what a service may do on the broker', () => {
  const everyPair = serviceNames.flatMap((one) => serviceNames.map((other) => [one, other] as const));

  it('is to say the facts it says, and no other', () => {
    for (const service of serviceNames) {
      const allowed = facts.filter((fact) => may(service, factsExchange, fact.name));
      expect(allowed).toEqual(facts.filter((fact) => fact.saidBy.includes(service)));
      expect(may(service, factsExchange, `${facts[0]!.name}.more`)).toBe(false);
      expect(may(service, factsExchange, facts[0]!.name.replace('.', 'x'))).toBe(false);
    }
  });

  it('is to say a fact again to a hearer of it or of a later major, when it said it, and to itself when it heard it', () => {
    for (const fact of facts) {
      for (const [service, hearer] of everyPair) {
        const said = fact.saidBy.includes(service) || service === hearer;
        const heard = facts.some(
          (other) => other.type === fact.type && other.major >= fact.major && other.heardBy.includes(hearer),
        );
        expect([
          fact.name,
          service,
          hearer,
          may(service, againExchange, againKey(hearer, fact.name)),
        ]).toEqual([fact.name, service, hearer, said && heard]);
      }
    }
  });

  it('is to give receipts in its own name, to those it hears', () => {
    for (const [service, hearer] of everyPair) {
      for (const speaker of serviceNames) {
        const hears = facts.some((fact) => fact.saidBy.includes(speaker) && fact.heardBy.includes(hearer));
        const wanted = service === hearer && (hears || speaker === hearer);
        expect(may(service, receiptsExchange, receiptsKey(speaker, hearer))).toBe(wanted);
      }
    }
  });

  it('is to read its own queues alone, to write to three exchanges, and to declare nothing', () => {
    const everything = topologyOf(serviceNames, 4);
    const exchanges = [...everything.exchanges.map(({ name }) => name), 'amq.default', 'amq.topic'];
    for (const service of serviceNames) {
      const { configure, write, read } = permissionsOf(service);
      const own = topologyOf([service], 4).queues.map(({ name }) => name);
      expect(
        everything.queues.filter(({ name }) => new RegExp(read).test(name)).map(({ name }) => name),
      ).toEqual(own);
      expect(exchanges.filter((name) => new RegExp(write).test(name)).sort()).toEqual(
        [againExchange, factsExchange, receiptsExchange].sort(),
      );
      for (const name of [...own, deadExchange, queueOf(service), 'new']) {
        expect(new RegExp(configure).test(name)).toBe(false);
      }
    }
  });
});
