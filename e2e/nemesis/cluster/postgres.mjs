import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openServers } from '@remitflow/servers';
import { breakable } from '../servers/breakable.mjs';
import { programOf } from '../servers/programs.mjs';
import { probePostgres } from '../servers/single.mjs';

/** The PostgreSQL of a run whose broker is brought by somebody else, whose URL is given. */
export async function openPostgres({ stateDir, cacheDir, herd, report, rabbitUrl }) {
  const env = { ...process.env, RABBITMQ_URL: rabbitUrl };
  delete env.DATABASE_URL;
  const { postgres } = await openServers({
    stateDir,
    cacheDir,
    purpose: 'demo',
    keepRunning: true,
    env,
    report,
  });
  const [{ pid }] = JSON.parse(readFileSync(join(stateDir, 'servers.json'), 'utf8')).postgres.processes;
  const server = breakable({
    name: 'postgres',
    pid,
    program: programOf(pid),
    logFile: join(stateDir, 'logs', 'postgres.log'),
    herd,
    probe: () => probePostgres(postgres.adminUrl),
    gentle: 'SIGINT',
  });
  return Object.defineProperties(server, {
    version: { value: postgres.version },
    adminUrl: { value: postgres.adminUrl },
  });
}
