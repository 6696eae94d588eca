import { parseArgs } from 'node:util';
import { attachServers, openServers, stopServers, type Servers } from './servers.ts';
import { ServersError } from './servers-error.ts';

const usage = 'usage: node tools/servers/dist/main.js up|down|status --state DIR [--purpose test|demo]';

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { state: { type: 'string' }, cache: { type: 'string' }, purpose: { type: 'string' } },
  });
  const [command] = positionals;
  if (!values.state || !command) return refuse(usage);
  if (command === 'up') return up(values.state, values.purpose === 'demo' ? 'demo' : 'test', values.cache);
  if (command === 'down') return stopServers(values.state);
  if (command === 'status') return print(await attachServers(values.state));
  return refuse(usage);
}

async function up(stateDir: string, purpose: 'demo' | 'test', cacheDir?: string): Promise<void> {
  const report = (step: string): void => void process.stderr.write(`${step}\n`);
  const env = process.env;
  print(await openServers({ stateDir, purpose, env, report, cacheDir, keepRunning: true }));
}

function print(servers: Servers | undefined): void {
  const shown = servers ? { running: true, ...servers } : { running: false };
  process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
}

function refuse(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 2;
}

await main().catch((error: unknown) => {
  if (!(error instanceof ServersError)) throw error;
  refuse(`${error.message}\n→ ${error.nextAction}`);
  process.exitCode = 1;
});
