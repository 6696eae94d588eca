import { randomBytes } from 'node:crypto';
import { factsHeardBy, serviceNames } from '@remitflow/contracts';
import { remitflowNamespace, uuidV5, uuidV7 } from '@remitflow/kernel';
import { encodeBody, queueOf, toProperties } from '@remitflow/messaging';
import { createHash } from 'node:crypto';
import { repeat } from '../waiting.mjs';

/** One message in a hundred is poison. */
const messagesPerPoison = 100;
const lookEveryMs = 250;

/** Puts poison into the queues, one for every hundred messages that are said, and notes what has to become of it. */
export async function spreadPoison({ book, publisher, wiretap, random, signal }) {
  let injected = 0;
  const spread = async () => {
    const due = Math.floor(wiretap.seen.messages / messagesPerPoison) - injected;
    for (let left = Math.min(due, 10); left > 0 && !signal.aborted; left -= 1) {
      injected += 1;
      await injectPoison({ book, publisher, random }, random.pick(Object.keys(spoilt)));
    }
  };
  await repeat(spread, { everyMs: lookEveryMs, signal });
}

/** Straight into the queue of one service: a binding that is missing at the moment must not swallow it. */
export async function injectPoison({ book, publisher, random }, kind) {
  const service = random.pick(serviceNames);
  const contract = random.pick(factsHeardBy(service));
  const { properties, content, parkedAs } = spoilt[kind](contract);
  book.poison.set(`${service}/${parkedAs}`, kind);
  book.spoiltIds.add(parkedAs);
  await publisher.publish({ exchange: '', key: queueOf(service), properties, content });
}

function envelopeOf(contract, digest) {
  const id = uuidV7();
  const source = contract.saidBy[0];
  return {
    id,
    type: contract.name,
    source,
    subject: '',
    time: new Date().toISOString(),
    correlationId: id,
    digest,
  };
}

/** Each kind gives a message and the id under which it must be found among the dead letters. */
const spoilt = {
  'broken-contract': (contract) => {
    const { bytes, digest } = encodeBody({ nobody: 'declared this' });
    const envelope = envelopeOf(contract, digest);
    return { properties: toProperties(envelope), content: bytes, parkedAs: envelope.id };
  },
  'unsupported-version': (contract) => {
    const { bytes, digest } = encodeBody({});
    const envelope = { ...envelopeOf(contract, digest), type: `${contract.type}.v99` };
    return { properties: toProperties(envelope), content: bytes, parkedAs: envelope.id };
  },
  undecodable: (contract) => {
    const envelope = envelopeOf(contract, randomBytes(32).toString('hex'));
    return { properties: toProperties(envelope), content: randomBytes(200), parkedAs: envelope.id };
  },
  'wrong-digest': (contract) => {
    const { bytes } = encodeBody({ said: 'something else' });
    const envelope = envelopeOf(contract, randomBytes(32).toString('hex'));
    return { properties: toProperties(envelope), content: bytes, parkedAs: envelope.id };
  },
  nameless: () => {
    const content = randomBytes(120);
    const digest = createHash('sha256').update(content).digest('hex');
    return { properties: {}, content, parkedAs: uuidV5(remitflowNamespace, `unreadable/${digest}`) };
  },
};
