import type { Provider } from '@nestjs/common';
import { ClientProxy, Transport, type MicroserviceOptions, type RmqContext } from '@nestjs/microservices';
import { ClientProxyFactory } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { hearers, naiveServices, queueOf, type NaiveService } from './messages.ts';

type Environment = { readonly brokerUrl: string; readonly databaseUrl: string };

/** Durable, persistent, acknowledged by hand and with a prefetch: what the documentation advises for messages that matter. */
export const rabbitOptions = (service: NaiveService, brokerUrl: string): MicroserviceOptions => ({
  transport: Transport.RMQ,
  options: {
    urls: [brokerUrl],
    queue: queueOf(service),
    queueOptions: { durable: true },
    persistent: true,
    noAck: false,
    prefetchCount: 50,
  },
});

/** Says a fact to everybody who hears it, and resolves when the broker has confirmed each. */
export class Facts {
  readonly #clients: Readonly<Record<NaiveService, ClientProxy>>;

  constructor(brokerUrl: string) {
    const client = (service: NaiveService): ClientProxy =>
      ClientProxyFactory.create({
        transport: Transport.RMQ,
        options: {
          urls: [brokerUrl],
          queue: queueOf(service),
          queueOptions: { durable: true },
          persistent: true,
        },
      });
    this.#clients = Object.fromEntries(naiveServices.map((name) => [name, client(name)])) as Record<
      NaiveService,
      ClientProxy
    >;
  }

  async say(pattern: string, body: object): Promise<void> {
    const sent = hearers[pattern]!.map((name) =>
      lastValueFrom(this.#clients[name].emit(pattern, body), { defaultValue: undefined }),
    );
    await Promise.all(sent);
  }
}

export function providersOf(
  { brokerUrl, databaseUrl }: Environment,
  entities: EntityTarget<ObjectLiteral>[],
): Provider[] {
  return [
    { provide: Facts, useFactory: () => new Facts(brokerUrl) },
    {
      provide: DataSource,
      useFactory: () =>
        new DataSource({
          type: 'postgres',
          url: databaseUrl,
          entities: entities as never,
          synchronize: true,
          poolSize: 20,
        }).initialize(),
    },
  ];
}

/** Acknowledges once the handler is through. */
export async function acknowledged(context: RmqContext, work: () => Promise<unknown>): Promise<void> {
  await work();
  const channel = context.getChannelRef() as { ack(message: unknown): void };
  channel.ack(context.getMessage());
}

/** So many at a time: one after the other would wait for the disk most of the time. */
export async function inTwenties<T>(
  items: AsyncIterable<T> | Iterable<T>,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  let going: Promise<unknown>[] = [];
  for await (const item of items) {
    going.push(work(item));
    if (going.length < atATime) continue;
    await Promise.all(going);
    going = [];
  }
  await Promise.all(going);
}

const atATime = 20;
