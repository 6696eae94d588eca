import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openBook } from './book.mjs';
import { openPublisher } from './broker/publisher.mjs';
import { openQueueProbe } from './broker/queues.mjs';
import { openWiretap } from './broker/wiretap.mjs';
import { openHerd } from './herd.mjs';
import { ask } from './http.mjs';
import { openInstance } from './instance.mjs';
import { takeSamples } from './invariants/samples.mjs';
import { payeesCsv } from './load/payees.mjs';
import { seeded } from './random.mjs';
import { openServers } from './servers/open.mjs';
import { eventually } from './waiting.mjs';

const readyWithinMs = 60_000;

/** Everything a run needs: servers, services, bank, and the eyes and hands of the nemesis. All of it ends with `close`. */
export async function openWorld(options, report) {
  const stateDir = mkdtempSync(join(tmpdir(), 'remitflow-nemesis-'));
  const herd = openHerd(stateDir);
  const watching = new AbortController();
  const closers = [() => herd.close()];
  const close = async () => {
    watching.abort();
    for (const one of closers.splice(0).reverse()) await Promise.resolve(one()).catch(() => undefined);
  };
  try {
    report(`state in ${stateDir}`);
    const cacheDir =
      process.env.REMITFLOW_CACHE ?? resolve(import.meta.dirname, '..', '..', '.remitflow', 'cache');
    const servers = await openServers({
      stateDir,
      cacheDir,
      herd,
      report,
      isCluster: options.cluster,
      next: options.next,
    });
    closers.push(() => servers.close());
    report(
      `PostgreSQL ${servers.postgres.version}, RabbitMQ ${servers.rabbit.version}, ${servers.rabbit.nodes.length} node(s)`,
    );
    const instance = await openInstance({
      stateDir,
      servers,
      herd,
      bankArgs: ['--late-ms', '700', '--answer-twice'],
      ...settingsOf(options),
    });
    closers.push(() => instance.close());
    const world = {
      options,
      stateDir,
      herd,
      servers,
      instance,
      book: openBook(),
      history: [],
      sums: {},
      holding: new Set(),
    };
    watch(world, { closers, signal: watching.signal });
    await untilReady(instance);
    await importPayees(instance);
    report('five services and a bank are ready');
    return { ...world, close, forget: () => rmSync(stateDir, { recursive: true, force: true }) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where duplicates are counted, nothing may be sent again only because a slow machine takes its time. */
const settingsOf = ({ scenario }) => (scenario === 'sigterm' ? { receiptMs: 600_000 } : {});

function watch(world, { closers, signal }) {
  const { servers, instance, book, options, holding } = world;
  const { nodes } = servers.rabbit;
  const random = seeded(options.seed);
  const spoiltIds = () => book.spoiltIds;
  book.spoiltIds = new Set();
  world.random = random;
  world.publisher = openPublisher(nodes);
  world.probe = openQueueProbe(nodes);
  world.wiretap = openWiretap({
    nodes,
    random: random.child('wiretap'),
    isOurs: ({ messageId }) => messageId === undefined || spoiltIds().has(messageId),
  });
  world.samples = takeSamples({ instance, probe: world.probe, holding, signal });
  const done = new Set();
  world.once = (what) => !done.has(what) && Boolean(done.add(what));
  for (const one of [world.publisher, world.probe, world.wiretap]) closers.push(() => one.close());
}

async function untilReady({ services }) {
  for (const { name, url } of Object.values(services)) {
    const ready = await eventually(async () => (await ask(`${url}/health/ready`)).status === 200, {
      withinMs: readyWithinMs,
    });
    if (!ready)
      throw new Error(`${name} is not ready: ${JSON.stringify((await ask(`${url}/health/ready`)).body)}`);
  }
}

async function importPayees({ services }) {
  const { status, body } = await ask(`${services.validation.url}/payees/import`, {
    method: 'POST',
    body: payeesCsv,
    headers: { 'content-type': 'text/csv' },
  });
  if (status >= 400 || body.refused?.length > 0) throw new Error(`payees: ${status} ${JSON.stringify(body)}`);
}
