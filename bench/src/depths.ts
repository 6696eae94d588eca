import { serviceNames } from '@remitflow/kernel';
import { queueOf } from '@remitflow/messaging';
import amqp from 'amqplib';
import type { Bench } from './bench.ts';
import type { Instance } from './instance.ts';

/** The most that waited at once: messages in each service's queue, facts in its outbox that are not published yet. */
export type Depths = {
  readonly queue: Readonly<Record<string, number>>;
  readonly outbox: Readonly<Record<string, number>>;
};

export type DepthsWatch = { stop(): Promise<Depths> };

/** A look costs the services a statement each; often enough to see what a bulk file piles up. */
const lookEveryMs = 500;
const sayEveryMs = 15_000;

/** Looks at what waits while something runs, and tells the person who waits how far it is. */
export async function watchDepths(
  bench: Bench,
  instance: Instance,
  howFar: () => Promise<string>,
): Promise<DepthsWatch> {
  const broker = await amqp.connect(instance.rabbitUrl);
  const channel = await broker.createChannel();
  const depths = { queue: {} as Record<string, number>, outbox: {} as Record<string, number> };
  const begun = performance.now();
  let saidAt = begun;
  let stopped = false;

  const look = async (): Promise<string> => {
    const now = await Promise.all(
      serviceNames.map(async (name) => {
        const { messageCount } = await channel.checkQueue(queueOf(name));
        const { outbox } = await instance.get<Condition>(name, '/ops/messaging');
        depths.queue[name] = Math.max(depths.queue[name] ?? 0, messageCount);
        depths.outbox[name] = Math.max(depths.outbox[name] ?? 0, outbox.rows);
        return `${name} ${messageCount}/${outbox.rows}`;
      }),
    );
    return now.join(', ');
  };
  const watching = (async () => {
    while (!stopped) {
      const waiting = await look();
      if (performance.now() - saidAt > sayEveryMs) {
        saidAt = performance.now();
        const seconds = ((saidAt - begun) / 1000).toFixed(0);
        bench.say(`  ${seconds} s: ${await howFar()}; queue/outbox: ${waiting}`);
      }
      await new Promise((done) => setTimeout(done, lookEveryMs));
    }
  })();
  watching.catch((error: Error) => bench.broken(error));
  return {
    stop: async () => {
      stopped = true;
      await watching;
      await broker.close();
      return depths;
    },
  };
}

type Condition = { readonly outbox: { readonly rows: number } };
