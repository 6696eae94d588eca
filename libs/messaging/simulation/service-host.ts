import { factsSaidBy, type FactContract, type ServiceName } from '@remitflow/contracts';
import type { CoreOptions } from '../src/core/core-options.ts';
import { MessagingCore } from '../src/core/messaging-core.ts';
import type { RuntimeSettings } from '../src/core/settings.ts';
import type { Dispatch } from '../src/core/unit.ts';
import type { CrashPoint } from '../src/ports/crash-points.ts';
import { unobserved } from '../src/ports/observer.ts';
import type { SimulatedBroker } from './broker/broker.ts';
import type { Chance } from './chance.ts';
import { followUps, itemsIn } from './claims.ts';
import type { Journal } from './journal.ts';
import { clockOf, ProcessDied, SimulatedProcess } from './process.ts';
import type { SimulatedStore } from './store/store.ts';
import { businessOf } from './store/unit.ts';
import type { Troubles } from './troubles.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Wrapping } from './wrapping.ts';

export type HostParts = {
  readonly service: ServiceName;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly journal: Journal;
  readonly broker: SimulatedBroker;
  readonly store: SimulatedStore;
  readonly troubles: Troubles;
  readonly settings: RuntimeSettings;
  readonly epochMs: () => number;
  readonly wrapping: Wrapping;
  /** No request is approved: none goes further than to a reviewer's desk. */
  readonly holdsEverything: boolean;
};

/** One process of a service, with the real core in it. */
export type Life = { readonly process: SimulatedProcess; readonly core: MessagingCore };

const closeMostMs = 30_000;

/** One service: its database stays, its processes come and go. */
export class ServiceHost {
  readonly parts: HostParts;
  lives: Life[] = [];
  /** The process ends the n-th time that it passes this point. */
  armed: { readonly point: CrashPoint; passes: number } | undefined;
  /** Nobody starts another one any more. */
  isClosing = false;
  #born = 0;

  constructor(parts: HostParts) {
    this.parts = parts;
  }

  get service(): ServiceName {
    return this.parts.service;
  }

  start(): Life {
    const { chance, time, epochMs } = this.parts;
    const process = new SimulatedProcess(`${this.service}#${(this.#born += 1)}`);
    const clock = clockOf({ process, time, chance: chance.fork(), epochMs });
    const core = new MessagingCore(this.#optionsOf(process, clock));
    const life = { process, core };
    this.lives.push(life);
    this.parts.journal.note(`started ${process.name}`);
    core.start(this.#dispatchOf(life));
    return life;
  }

  /** `kill -9`; the supervisor starts another one. */
  kill(life: Life): void {
    if (!life.process.isAlive) return;
    this.#bury(life, 'killed');
  }

  /** SIGTERM, and SIGKILL when it takes too long. The supervisor starts another one when it was the only one. */
  leave(life: Life): void {
    const { journal, time } = this.parts;
    if (!life.process.isAlive) return;
    journal.note(`leaving ${life.process.name}`);
    this.lives = this.lives.filter((one) => one !== life);
    const deadline = time.after(closeMostMs, () => this.#bury(life, 'killed at its deadline'));
    const left = (how: string): void => {
      time.cancel(deadline);
      this.#bury(life, how);
    };
    life.core.close().then(
      () => left('left'),
      (error: Error) => {
        journal.break('closes', `${life.process.name}: ${error.message}`);
        left('failed to leave');
      },
    );
  }

  #bury(life: Life, how: string): void {
    if (!life.process.isAlive) return;
    this.parts.journal.note(`${how} ${life.process.name}`);
    this.lives = this.lives.filter((one) => one !== life);
    life.process.end();
    this.#keepAlive();
  }

  #keepAlive(): void {
    const { time, chance } = this.parts;
    if (this.isClosing || this.lives.length > 0) return;
    time.after(chance.between(50, 800), () => {
      if (this.lives.length === 0) this.start();
    });
  }

  #optionsOf(process: SimulatedProcess, clock: CoreOptions['clock']): CoreOptions {
    const { service, broker, store, settings, wrapping, journal } = this.parts;
    const [brokerPort, storePort] = [broker.portOf(process), store.portOf(process)];
    const log = (facts: object, message: string): void =>
      journal.aside(() => `${process.name} ${message} ${JSON.stringify(facts)}`);
    return {
      service,
      says: factsSaidBy(service),
      broker: wrapping.broker?.(brokerPort) ?? brokerPort,
      store: wrapping.store?.(storePort) ?? storePort,
      clock,
      observer: unobserved,
      log: { info: log, warn: log, error: log },
      pass: (point) => this.#pass(point, process),
      topology: () => process.answer(this.#topology()),
      settings,
      release: 'simulation',
    };
  }

  #pass(point: CrashPoint, process: SimulatedProcess): void {
    if (!process.isAlive) throw new ProcessDied();
    if (this.armed?.point !== point) return;
    this.armed.passes -= 1;
    if (this.armed.passes > 0) return;
    this.armed = undefined;
    this.parts.journal.fault(`crash-${point}`, process.name);
    this.#endOf(process);
    throw new ProcessDied();
  }

  #endOf(process: SimulatedProcess): void {
    const life = this.lives.find((one) => one.process === process);
    if (life) this.kill(life);
    else process.end(); // it was leaving already
    this.#keepAlive();
  }

  async #topology(): Promise<readonly string[]> {
    const { broker, time, service } = this.parts;
    await time.pause(broker.latency());
    if (!broker.isUp) throw new Error('the broker does not say');
    return broker.exchanges.missing(service);
  }

  #dispatchOf({ process }: Life): Dispatch {
    const { service, troubles, journal, holdsEverything } = this.parts;
    return async (contract, body, heard) => {
      const items = service === 'audit' ? [] : itemsIn(body);
      const meet = (isLate: boolean): void => {
        for (const { itemId } of items) {
          const meeting = { service, fact: contract.name, itemId };
          troubles.meet(meeting, isLate, () => this.#killedBy(process, itemId));
        }
      };
      journal.note(`handles ${process.name} ${contract.name} ${heard.envelope.id}`);
      meet(false);
      const { id: messageId } = heard.envelope;
      const acted = service === 'audit' ? [{ itemId: messageId, amountCents: 0 }] : items;
      const business = businessOf(heard.tx);
      await business.insertEffects(acted.map((item) => ({ ...item, messageId, fact: contract.name })));
      for (const said of followUps({ service, holdsEverything }, contract, body)) {
        const id = heard.outbox.add(said.contract as FactContract<object>, said.body);
        const itemIds = itemsIn(said.body).map(({ itemId }) => itemId);
        await business.insertSaid({ messageId: id, fact: said.contract.name, itemIds });
      }
      meet(true);
    };
  }

  #killedBy(process: SimulatedProcess, itemId: string): void {
    this.parts.journal.fault('killer', itemId);
    this.#endOf(process);
  }
}
