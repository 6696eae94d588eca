import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRabbitRelease, openStateFolder, layOutNode, nextRabbit, secret } from '@remitflow/servers';
import { breakable, untilAnswers } from '../servers/breakable.mjs';
import { startProgram } from '../servers/programs.mjs';
import { probeRabbit } from '../servers/single.mjs';
import { openMembership } from './membership.mjs';
import { openPortMapper } from './port-mapper.mjs';
import { lastingPorts } from './ports.mjs';
import { openPostgres } from './postgres.mjs';
import { openWire } from './wire.mjs';

const run = promisify(execFile);
const memberNames = ['rabbit-1', 'rabbit-2', 'rabbit-3'];
const ctlTimeoutMs = 60_000;
const startWithinMs = 180_000;

/**
 * Three RabbitMQ nodes (or `count`) on loopback, each with ports, data and an Erlang port mapper of its own; what one says to another goes
 * over wires of ours. `next` takes RabbitMQ 4 of the next Debian release.
 */
export async function openRabbitCluster({ stateDir, cacheDir, herd, report, next = false, count = 3 }) {
  const state = openStateFolder(join(stateDir, 'cluster'));
  const env = { ...process.env };
  const binaries = await (next ? nextRabbit(cacheDir, report) : findRabbitRelease({ cacheDir, env, report }));
  const wanted = await wantedNodes(state, { binaries, members: memberNames.slice(0, count) });
  const wires = await openWires(wanted);
  const mappers = await Promise.all(
    wanted.map(({ name, ports }) =>
      openPortMapper({ port: ports.epmd, portOfPeer: (peer) => wires.get(`${name} ${peer}`)?.port }),
    ),
  );
  report(`starting ${count} RabbitMQ ${binaries.version} node(s)`);
  const nodes = [];
  try {
    // The first knows of itself alone, or it would wait for the others; later it may join like any of them.
    const [seed] = wanted;
    const alone = { ...seed, cluster: { ...seed.cluster, members: [seed.name] } };
    nodes.push(await startNode(alone, { state, herd }));
    layOutNode(seed);
    nodes.push(...(await Promise.all(wanted.slice(1).map((one) => startNode(one, { state, herd })))));
  } catch (error) {
    close({ nodes, wires, mappers });
    throw error;
  }
  const cluster = openMembership({ nodes, wires });
  await cluster.untilWhole();
  return {
    version: binaries.version,
    nodes,
    ...(count > 1 ? { cluster } : {}),
    close: async () => {
      await Promise.all(nodes.map((node) => node.kill()));
      close({ nodes: [], wires, mappers });
    },
  };
}

/** {@link openRabbitCluster} and a PostgreSQL: the servers of a nemesis run. */
export async function openCluster(wanted) {
  const rabbit = await openRabbitCluster(wanted);
  const postgres = await openPostgres({ ...wanted, rabbitUrl: rabbit.nodes[0].url });
  return { rabbit, postgres, close: () => rabbit.close() };
}

function close({ nodes, wires, mappers }) {
  for (const node of nodes) void node.kill();
  for (const wire of wires.values()) wire.close();
  for (const mapper of mappers) mapper.close();
}

async function wantedNodes(state, { binaries, members }) {
  const kinds = ['amqp', 'management', 'prometheus', 'distribution', 'epmd'];
  const keys = members.flatMap((name) => kinds.map((kind) => `${name} ${kind}`));
  const chosen = await lastingPorts(keys);
  const login = { user: 'remitflow', password: secret(state, 'rabbit'), host: 'remitflow' };
  const cluster = { members, cookie: secret(state, 'cookie') };
  return members.map((name) => ({
    name,
    folder: join(state.path, name),
    ports: Object.fromEntries(kinds.map((kind) => [kind, chosen[`${name} ${kind}`]])),
    login,
    binaries,
    cluster,
  }));
}

/** One wire from each node to each other, by `from to`. */
async function openWires(wanted) {
  const wires = new Map();
  for (const from of wanted)
    for (const to of wanted.filter((one) => one !== from))
      wires.set(`${from.name} ${to.name}`, await openWire(to.ports.distribution));
  return wires;
}

/** @throws when its process has ended, with what it said last */
async function untilUp(node, { probe, logFile }) {
  const up = untilAnswers(node.name, probe, startWithinMs).then(() => true);
  while (!(await Promise.race([up, new Promise((resolve) => setTimeout(resolve, 500, false))]))) {
    if (node.alive) continue;
    up.catch(() => undefined);
    const last = readFileSync(logFile, 'utf8').trim().split('\n').slice(-4).join('\n');
    throw new Error(`${node.name} did not start:\n${last}`);
  }
}

async function startNode(wanted, { state, herd }) {
  mkdirSync(wanted.folder, { recursive: true });
  const laidOut = layOutNode(wanted);
  const logFile = join(state.path, 'logs', `${wanted.name}.log`);
  const probe = () => probeRabbit(laidOut.url);
  const pid = await startProgram(laidOut.server, logFile);
  const node = breakable({
    name: wanted.name,
    pid,
    program: laidOut.server,
    logFile,
    herd,
    probe,
    gentle: 'SIGTERM',
  });
  await untilUp(node, { probe, logFile });
  const tool = async (name, args, timeoutMs = ctlTimeoutMs) => {
    const { program, args: all, env, cwd } = laidOut.tool(name, ['--quiet', ...args]);
    appendFileSync(logFile, `-- ${name} ${args.join(' ')}\n`);
    const { stdout } = await run(program, all, { env, cwd, timeout: timeoutMs });
    return stdout;
  };
  return Object.defineProperties(node, {
    erlangName: { value: `${wanted.name}@localhost` },
    url: { value: laidOut.url },
    managementUrl: { value: laidOut.managementUrl },
    ctl: { value: (args, timeoutMs) => tool('rabbitmqctl', args, timeoutMs) },
    tool: { value: tool },
    wipe: { value: () => laidOut.wipe() },
  });
}
