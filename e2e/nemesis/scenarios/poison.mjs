import { decodeBody, encodeBody } from '@remitflow/messaging';
import { ask } from '../http.mjs';
import { untilDrained } from '../invariants/drained.mjs';
import { submit } from '../load/bulk-lane.mjs';
import { settle } from '../rest.mjs';
import { eventually } from '../waiting.mjs';
import { verdictsOf } from './verdicts.mjs';

const withinMs = 180_000;

/**
 * One bad claim among thousands: a fact is made to break its contract in one item after it was said and before it was
 * published, which no check of ours can prevent. Everybody who hears it has to set that one item aside, and pay the others.
 */
export async function run(world, tell) {
  const { instance, book, options } = world;
  const { intake } = instance.services;
  tell.step('intake is cut from the broker, so that what it says can be spoilt');
  intake.brokerProxy.poison({ swallow: true });
  intake.brokerProxy.reset();
  const name = 'poison.837';
  const file = { name, claims: options.claims, run: 700_001, control: 700_001, mixed: false };
  const submissionId = await submit(intake.url, book, file);
  const requestId = await eventually(() => spoilOne(instance.databases), { withinMs });
  if (!requestId) throw new Error('there was nothing to spoil');
  tell.step(`request ${requestId} is spoilt`);
  intake.brokerProxy.heal();
  intake.brokerProxy.reset();

  const decided = await eventually(
    async () => (await progress(intake, submissionId)).decided >= options.claims - 1,
    { withinMs },
  );
  tell.step(decided ? 'all others are decided' : 'the others are not decided');
  await untilDrained(world, { tell });
  await settle(world, tell);
  const { paid } = await progress(intake, submissionId);
  const letters = await deadLettersOf(instance.databases);
  const alone = {
    'poison-parked-alone': {
      checked: letters.length,
      violations: [
        ...letters
          .filter(({ items, ids }) => items !== 1 || ids[0] !== requestId)
          .map(({ service, items }) => `${service} parked ${items} requests together`),
        ...(['validation', 'audit'].every((one) => letters.some(({ service }) => service === one))
          ? []
          : [`parked only at: ${letters.map(({ service }) => service).join(', ') || 'nobody'}`]),
      ],
    },
    'others-are-paid': {
      checked: paid,
      violations: paid === options.claims - 1 ? [] : [`${paid} are paid, ${options.claims - 1} should be`],
    },
  };
  tell.step(
    `${paid} of ${options.claims} claims are paid, ${letters.length} services have parked the bad one`,
  );
  return {
    ...alone,
    ...(await verdictsOf(world, ['paid-exactly-once', 'sums-balance', 'audit-chain-verifies'])),
  };
}

const progress = async ({ url }, submissionId) => (await ask(`${url}/submissions/${submissionId}`)).body;

/** One item of one fact that waits in the outbox loses what its contract demands; gives the request it was. */
async function spoilOne(databases) {
  const [row] = await databases.query(
    'intake',
    `select seq, body, encode(digest, 'hex') as digest from outbox
     where fact_name like 'requests.submitted.%' and published_at is null order by seq limit 1`,
  );
  if (!row) return undefined;
  const body = decodeBody(row.body, row.digest);
  const [bad] = body.requests.slice(Math.floor(body.requests.length / 3));
  bad.position = -1;
  const { bytes, digest } = encodeBody(body);
  await databases.query('intake', `update outbox set body = $2, digest = decode($3, 'hex') where seq = $1`, [
    row.seq,
    bytes,
    digest,
  ]);
  return bad.requestId;
}

async function deadLettersOf(databases) {
  const found = [];
  for (const service of ['intake', 'validation', 'payout', 'remittance', 'audit']) {
    const letters = await databases.query(
      service,
      `select envelope->>'digest' as digest, body from dead_letters`,
    );
    for (const { body, digest } of letters) {
      const { requests } = decodeBody(body, digest);
      found.push({ service, items: requests.length, ids: requests.map(({ requestId }) => requestId) });
    }
  }
  return found;
}
