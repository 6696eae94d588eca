/** What intake may show for what validation has decided, once everything has come to rest. */
const endsOf = {
  approved: ['approved', 'scheduled', 'paid', 'reversed'],
  denied: ['explained'],
  held: ['held'],
  rejected: ['rejected'],
};

/** Everything that was taken is there, has one decision, and the end that follows from it. */
export const acceptedHasOneEnd = {
  name: 'accepted-has-one-end',
  async check({ instance, book }) {
    const { databases } = instance;
    const requests = await databases.query(
      'intake',
      'select request_id as id, submission_id as "submissionId", status from requests',
    );
    const decided = await databases.query('validation', 'select request_id as id, outcome from decisions');
    const outcomes = new Map(decided.map(({ id, outcome }) => [id, outcome]));
    const violations = requests
      .filter(({ id, status }) => !endsOf[outcomes.get(id)]?.includes(status))
      .map(({ id, status }) => `request ${id} is ${status}, and was decided as ${outcomes.get(id)}`);
    const known = new Set(requests.map(({ id }) => id));
    for (const { id } of decided)
      if (!known.has(id)) violations.push(`${id} was decided, and never submitted`);
    return {
      checked: requests.length,
      violations: [
        ...violations,
        ...filesAmiss(requests, book),
        ...(await singlesAmiss(databases, { known, book })),
      ],
    };
  },
};

function filesAmiss(requests, book) {
  const counts = new Map();
  for (const { submissionId } of requests) counts.set(submissionId, (counts.get(submissionId) ?? 0) + 1);
  return [...book.files]
    .filter(([id, { claims }]) => counts.get(id) !== claims)
    .map(
      ([id, { name, claims }]) =>
        `${name} (${id}) has ${claims} claims, ${counts.get(id) ?? 0} were submitted`,
    );
}

async function singlesAmiss(databases, { known, book }) {
  const keys = await databases.query(
    'intake',
    'select idempotency_key as key, request_id as id from idempotency_keys',
  );
  const stored = new Map(keys.map(({ key, id }) => [key, id]));
  const [{ api }] = await databases.query(
    'intake',
    `select count(*)::int as api from submissions where door = 'api'`,
  );
  return [
    ...[...book.singles]
      .filter(([key, id]) => stored.get(key) !== id || !known.has(id))
      .map(([key, id]) => `${key} was taken as ${id}, stored is ${stored.get(key)}`),
    ...(api === keys.length ? [] : [`${keys.length} idempotency keys, ${api} requests taken`]),
  ];
}
