import { serviceNames } from '@remitflow/contracts';

/** Exactly what was spoilt is among the dead letters, where it was to be processed, with its history and its bytes. */
export const deadLettersAreThePoison = {
  name: 'dead-letters-are-the-poison',
  async check(world) {
    const { instance, book } = world;
    const found = new Set();
    const violations = [];
    for (const service of serviceNames) {
      const letters = await instance.databases.query(
        service,
        `select message_id as id, fact_name as fact, error_code as code, fingerprint, jsonb_array_length(attempts) as attempts,
           length(body) as bytes from dead_letters`,
      );
      for (const letter of letters) {
        const key = `${service}/${letter.id}`;
        found.add(key);
        if (!book.poison.has(key))
          violations.push(`${service} has parked ${letter.fact} ${letter.id}: ${letter.code}`);
        if (!letter.fingerprint || letter.attempts < 1 || letter.bytes < 1)
          violations.push(`${key} is without its history`);
      }
    }
    for (const [key, kind] of book.poison)
      if (!found.has(key)) violations.push(`${key} (${kind}) was not parked`);
    world.deadLetters = { injected: book.poison.size, found: found.size };
    return { checked: found.size, violations };
  },
};
