import { serviceNames } from '@remitflow/contracts';
import { ask } from '../http.mjs';

/** What the services say of themselves and what their databases wait for: asked when something does not come to rest. */
export async function evidenceOf({ instance }) {
  const lines = [];
  for (const service of serviceNames) {
    const { url } = instance.services[service];
    const [ready, messaging] = [await ask(`${url}/health/ready`), await ask(`${url}/ops/messaging`)];
    lines.push(`${service}: ${ready.status} ${JSON.stringify(ready.body)} ${JSON.stringify(messaging.body)}`);
  }
  const waiting = await instance.databases.query(
    'intake',
    `select datname, application_name as app, state, wait_event as waits, left(query, 80) as query,
       extract(epoch from now() - state_change)::int as seconds,
       exists (select 1 from pg_locks where pg_locks.pid = activity.pid and locktype = 'advisory') as leads
     from pg_stat_activity as activity where application_name like 'remitflow-%'
       and (state <> 'idle' or exists (select 1 from pg_locks where pg_locks.pid = activity.pid and locktype = 'advisory'))`,
  );
  return [...lines, ...waiting.map((row) => JSON.stringify(row))];
}
