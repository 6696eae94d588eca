import { ask } from './http.mjs';
import { untilDrained } from './invariants/drained.mjs';
import { closeCycle } from './load/cycles.mjs';
import { eventually } from './waiting.mjs';

const restMs = 90_000;

/** What is approved by now is paid in a last cycle, explained and settled. */
export async function settle(world, tell) {
  const { instance } = world;
  tell.step('the last cycle is closed');
  await eventually(async () => (await closeCycle(instance)).status === 200, {
    withinMs: restMs,
    everyMs: 1_000,
  });
  const settled = await eventually(() => isSettled(world), { withinMs: restMs, everyMs: 500 });
  if (!settled) world.book.surprises.push('not every payment was settled and explained in time');
  await untilDrained(world, { withinMs: restMs });
  await eventually(async () => (await ask(`${instance.services.audit.url}/verify`)).body.verified, {
    withinMs: 20_000,
  });
}

/** Every payment has its answer from the bank and every one its 835. */
async function isSettled({ instance: { databases } }) {
  const [{ open }] = await databases.query(
    'payout',
    `select (select count(*) from payments where status in ('scheduled', 'sent'))::int
       + (select count(*) from cycles where status not in ('closed', 'abandoned'))::int as open`,
  );
  const [{ due }] = await databases.query(
    'remittance',
    `select (select count(*) from remittances where state = 'due')::int
       + (select count(*) from payments where not is_explained)::int as due`,
  );
  return open + due === 0;
}
