import { findFact, serviceNames } from '@remitflow/contracts';

/**
 * Everything that was said and heard, out of all databases: outbox rows with the hearers they must have reached, and how often each
 * service has each message in its inbox.
 */
export async function readSaidAndHeard({ databases }) {
  const said = [];
  const heard = new Map();
  for (const service of serviceNames) {
    const rows = await databases.query(
      service,
      `select message_id as id, fact_name as fact, target, encode(digest, 'hex') as digest from outbox`,
    );
    for (const row of rows) said.push({ ...row, service, hearers: hearersOf(row) });
    const inbox = await databases.query(
      service,
      'select message_id as id, count(*)::int as times from inbox group by message_id',
    );
    heard.set(service, new Map(inbox.map(({ id, times }) => [id, times])));
  }
  return { said, heard };
}

const hearersOf = ({ fact, target }) =>
  target ? [target.replace(/^remitflow\./, '')] : (findFact(fact)?.heardBy ?? []);

/** Each outbox row has one inbox row at each declared hearer, and no inbox row came from nowhere. */
export const eachSaidHeardOnce = {
  name: 'each-said-heard-once',
  async check({ instance, book }) {
    const { said, heard } = await readSaidAndHeard(instance);
    const violations = [];
    let checked = 0;
    for (const { id, fact, service, hearers } of said) {
      for (const hearer of hearers) {
        checked += 1;
        const times = heard.get(hearer).get(id) ?? 0;
        if (times !== 1)
          violations.push(`${fact} ${id} of ${service}: ${hearer} has heard it ${times} times`);
      }
    }
    const saidIds = new Set(said.map(({ id }) => id));
    for (const [hearer, ids] of heard) {
      for (const id of ids.keys()) {
        if (!saidIds.has(id) && !book.poison.has(`${hearer}/${id}`)) {
          violations.push(`${hearer} has heard ${id}, which nobody has said`);
        }
      }
    }
    return { checked, violations };
  },
};

/** The audit log holds each fact once, as it was said, and nothing else. */
export const auditComplete = {
  name: 'audit-complete',
  async check({ instance, book }) {
    const { said } = await readSaidAndHeard(instance);
    const events = await instance.databases.query(
      'audit',
      `select message_id as id, encode(body_digest, 'hex') as digest from events`,
    );
    const recorded = new Map(events.map(({ id, digest }) => [id, digest]));
    const violations = [];
    // Poison that an operator has redriven stands in the outbox too, and is parked again.
    const facts = said.filter(
      ({ id, hearers }) => hearers.includes('audit') && !book.poison.has(`audit/${id}`),
    );
    for (const { id, fact, digest } of facts) {
      const found = recorded.get(id);
      if (found === undefined) violations.push(`${fact} ${id} is not in the audit log`);
      else if (found !== digest) violations.push(`${fact} ${id} is in the audit log with another body`);
    }
    const saidIds = new Set(facts.map(({ id }) => id));
    for (const { id } of events)
      if (!saidIds.has(id)) violations.push(`the audit log holds ${id}, which nobody has said`);
    return { checked: facts.length, violations };
  },
};
