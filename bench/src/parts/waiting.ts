import { serviceNames } from '@remitflow/kernel';
import type { Instance } from '../instance.ts';
import { until, type Waiting } from '../until.ts';

export type Cycle = { readonly cycleIds: readonly string[]; readonly requests: number };

export const closeCycle = (instance: Instance): Promise<Cycle> =>
  instance.post<Cycle>('payout', '/cycles/close', {
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });

export async function untilPosted(
  instance: Instance,
  cycleIds: readonly string[],
  waiting: Waiting = {},
): Promise<void> {
  for (const id of cycleIds) {
    await until(
      () => instance.get<{ complete: boolean }>('remittance', `/cycles/${id}`),
      (seen) => seen.complete,
      waiting,
    );
  }
}

/** The audit log holds as many facts as all services have said. */
export async function untilRemembered(instance: Instance, waiting: Waiting = {}): Promise<number> {
  const heard = async (): Promise<number> =>
    (await instance.get<{ events: number }>('audit', '/summary')).events;
  const said = async (): Promise<number> => {
    const each = serviceNames.map((name) =>
      instance.get<{ outbox: { said: number } }>(name, '/ops/messaging'),
    );
    return (await Promise.all(each)).reduce((sum, { outbox }) => sum + outbox.said, 0);
  };
  const seen = await until(
    async () => ({ said: await said(), heard: await heard() }),
    (now) => now.heard >= now.said,
    waiting,
  );
  return seen.heard;
}

/** Nothing left over from the run before. */
export async function untilQuiet(instance: Instance): Promise<void> {
  const each = serviceNames.map(
    (name) => () => instance.get<{ outbox: { rows: number } }>(name, '/ops/messaging'),
  );
  for (const look of each) await until(look, ({ outbox }) => outbox.rows === 0, { everyMs: 100 });
}

/** Pays what a part has left behind, so that the next one finds nothing but its own. */
export async function payTheRest(instance: Instance): Promise<void> {
  await untilQuiet(instance);
  await untilPosted(instance, (await closeCycle(instance)).cycleIds);
}
