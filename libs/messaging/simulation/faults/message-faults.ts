import { RequestsApproved, type ServiceName } from '@remitflow/contracts';
import { encodeBody, decodeBody } from '../../src/core/body.ts';
import type { Envelope } from '../../src/core/envelope.ts';
import type { Message } from '../../src/ports/message.ts';
import { queueOf } from '../broker/exchanges.ts';
import { submissionIdOf } from '../claims.ts';
import type { ServiceHost } from '../service-host.ts';
import type { Fault, Scene } from './fault.ts';

const threeDaysMs = 3 * 24 * 3_600_000;

/** What arrives that should not. */
export const messageFaults: readonly Fault[] = [
  { kind: 'old-duplicate', mostMs: 0, begin: (scene) => replay(scene, 'old-duplicate') },
  {
    kind: 'three-days-later',
    mostMs: 0,
    begin: (scene) => {
      scene.world.leapMs += threeDaysMs;
      replay(scene, 'three-days-later');
    },
  },
  { kind: 'altered-copy', mostMs: 0, begin: alter },
  { kind: 'stranger', mostMs: 0, begin: estrange },
];

/** Something that a queue has seen comes once more. */
function replay({ world, chance }: Scene, kind: string): void {
  const { service } = chance.pick(world.hosts)!;
  const message = chance.pick(world.broker.history.get(queueOf(service)) ?? []);
  if (!message) return;
  world.journal.fault(kind, `${message.envelope.id} for ${service}`);
  world.broker.inject(queueOf(service), message);
}

/** The same id with other amounts, for a service that has dealt with the true one. */
function alter({ world, chance }: Scene): void {
  const host = chance.pick(world.hosts)!;
  const known = (world.broker.history.get(queueOf(host.service)) ?? []).filter((message) =>
    isDealtWith(host, message),
  );
  const message = chance.pick(known);
  const altered = message && withOtherAmounts(message);
  if (!altered) return;
  world.journal.fault('altered-copy', `${altered.envelope.id} for ${host.service}`);
  world.inject({ kind: 'altered', service: host.service, message: altered });
}

/** It is done, or waits to be tried again. */
function isDealtWith({ parts: { store } }: ServiceHost, { envelope }: Message): boolean {
  const { inbox, retries } = store.tables;
  const known = inbox.get(envelope.id) ?? retries.get(envelope.id);
  return known?.envelope.digest === envelope.digest;
}

const amounts = ['billedCents', 'amountCents', 'paidCents'];

function withOtherAmounts({ envelope, body }: Message): Message | undefined {
  const said = decodeBody(body, envelope.digest) as { requests?: Record<string, unknown>[] };
  if (!said.requests) return undefined;
  const requests = said.requests.map((request) =>
    Object.fromEntries(
      Object.entries(request).map(([name, value]) => [
        name,
        amounts.includes(name) ? Number(value) + 1_000_000 : value,
      ]),
    ),
  );
  const { bytes, digest } = encodeBody({ ...said, requests });
  return { envelope: { ...envelope, digest }, body: bytes };
}

/** A fact of a name that this service does not know. */
function estrange({ world, chance }: Scene): void {
  const { service } = chance.pick(world.hosts)!;
  const place = world.injected.length;
  world.journal.fault('stranger', service);
  world.inject({ kind: 'stranger', service, message: strangerFor(service, place) });
}

function strangerFor(service: ServiceName, place: number): Message {
  const { bytes, digest } = encodeBody({ strange: place });
  const id = submissionIdOf(9).slice(0, -2) + String(10 + place);
  const envelope: Envelope = {
    id,
    type: RequestsApproved.name.replace('.v1', '.v9'),
    source: 'validation',
    subject: service,
    time: '2026-11-22T10:00:00.000Z',
    correlationId: id,
    digest,
  };
  return { envelope, body: bytes };
}
