import { serviceNames } from '@remitflow/kernel';
import { pause } from '../waiting.mjs';

const locks = ['postgres'];
/** A minute of nothing is too much of a shorter run. */
const longRunMinutes = 3;

/** kill -9 of the postmaster, and its start over the same data. */
export const postgresKill = {
  kind: 'postgres-kill',
  cards: 2,
  deal: ({ servers: { postgres } }, draw) => ({
    target: 'postgres',
    locks,
    run: async (signal) => {
      await postgres.kill();
      await pause(draw.between(0, 3_000), signal);
      await postgres.restart();
      return 1;
    },
  }),
};

/** SIGSTOP of the postmaster and every backend: no connection is lost and nothing answers. Once in a long run for a minute. */
export const postgresFreeze = {
  kind: 'postgres-freeze',
  cards: 2,
  deal: ({ servers: { postgres }, options, once }, draw) => {
    const isLong = options.minutes >= longRunMinutes && once('postgres for a minute');
    const forMs = isLong ? 60_000 : draw.between(3_000, 12_000);
    return {
      target: `postgres for ${Math.round(forMs / 1000)} s`,
      locks,
      run: async (signal) => {
        postgres.stop();
        await pause(forMs, signal);
        postgres.cont();
        return 1;
      },
    };
  },
};

/** Every session of every service is ended by an administrator. */
export const backendsTerminated = {
  kind: 'backends-terminated',
  cards: 4,
  deal: ({ instance }) => ({
    target: 'all sessions',
    locks,
    run: async () => {
      const ended = await instance.databases.query(
        'intake',
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'remitflow-%'`,
      );
      return ended.length > 0 ? 1 : 0;
    },
  }),
};

const hotTables = {
  intake: ['outbox', 'inbox', 'requests'],
  validation: ['outbox', 'inbox', 'bill_history', 'decisions'],
  payout: ['outbox', 'inbox', 'payable_parts', 'payments'],
  remittance: ['outbox', 'inbox', 'decided_requests', 'remittances'],
  audit: ['inbox', 'stream_heads'],
};

/** Somebody holds a table that everything needs. */
export const tableLocked = {
  kind: 'table-locked',
  cards: 3,
  deal: ({ instance }, draw) => {
    const service = draw.pick(serviceNames);
    const table = draw.pick(hotTables[service]);
    return {
      target: `${service}.${table} for 20 s`,
      locks: [`table ${service}`],
      run: async (signal) => {
        const session = await instance.databases.connect(service);
        try {
          await session.query('begin');
          await session.query(`set local lock_timeout = '5s'`);
          await session.query(`lock table ${table} in access exclusive mode`);
          await pause(20_000, signal);
          await session.query('rollback');
          return 1;
        } catch {
          return 0; // the server was taken away in the meantime, and the lock with it
        } finally {
          await session.end().catch(() => undefined);
        }
      },
    };
  },
};
