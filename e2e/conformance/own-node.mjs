import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRabbitRelease, layOutNode, nextRabbit, openStateFolder, secret } from '@remitflow/servers';
import { breakable, untilAnswers } from '../nemesis/servers/breakable.mjs';
import { lastingPorts } from '../nemesis/cluster/ports.mjs';
import { startProgram } from '../nemesis/servers/programs.mjs';
import { probeRabbit } from '../nemesis/servers/single.mjs';

const run = promisify(execFile);
const kinds = ['amqp', 'management', 'prometheus', 'distribution', 'epmd'];
const ctlTimeoutMs = 60_000;

/** A RabbitMQ node on loopback that may be broken: the system's own release, or (`next`) the one of the next Debian. */
export async function openOwnNode({ next, stateDir, cacheDir, herd, report }) {
  const state = openStateFolder(join(stateDir, next ? 'next' : 'present'));
  mkdirSync(cacheDir, { recursive: true });
  const binaries = next
    ? await nextRabbit(cacheDir, report)
    : await findRabbitRelease({ cacheDir, env: process.env, report });
  const laidOut = layOutNode({
    name: next ? 'rabbit-next' : 'rabbit-present',
    folder: join(state.path, 'node'),
    ports: await lastingPorts(kinds),
    login: { user: 'remitflow', password: secret(state, 'rabbit'), host: 'remitflow' },
    binaries,
  });
  report(`starting RabbitMQ ${binaries.version}`);
  const logFile = join(state.path, 'logs', 'rabbit.log');
  herd.add(await startProgram(laidOut.portMapper, join(state.path, 'logs', 'port-mapper.log')));
  const node = breakable({
    name: `RabbitMQ ${binaries.version}`,
    pid: await startProgram(laidOut.server, logFile),
    program: laidOut.server,
    logFile,
    herd,
    probe: () => probeRabbit(laidOut.url),
    gentle: 'SIGTERM',
  });
  await untilAnswers(node.name, () => probeRabbit(laidOut.url));
  const ctl = async (args) => {
    const { program, args: all, env, cwd } = laidOut.tool('rabbitmqctl', ['--quiet', ...args]);
    return (await run(program, all, { env, cwd, timeout: ctlTimeoutMs })).stdout;
  };
  return Object.defineProperties(node, {
    version: { value: binaries.version },
    url: { value: laidOut.url },
    managementUrl: { value: laidOut.managementUrl },
    ctl: { value: ctl },
  });
}
