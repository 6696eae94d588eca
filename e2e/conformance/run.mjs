/**
 * What we rely on in RabbitMQ, looked at in the broker itself. Without RABBITMQ_URL it brings the system's own release and the
 * one of the next Debian, and may break both; with it (and RABBITMQ_MANAGEMENT_URL) that broker is asked, and what would need
 * a kill or an alarm is left out. The last line is one JSON document; exit code 1 when an answer is not the expected one.
 *
 *   node e2e/conformance/run.mjs [--only present|next] [--fact TEXT] [--write]
 *
 * `--write` puts the answers into docs/rabbitmq-versions.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openHerd } from '../nemesis/herd.mjs';
import { probeVersion } from './broker-version.mjs';
import { declaring } from './facts/declaring.mjs';
import { dying } from './facts/dying.mjs';
import { publishing } from './facts/publishing.mjs';
import { settling } from './facts/settling.mjs';
import { openOwnNode } from './own-node.mjs';
import { openStage } from './stage.mjs';
import { writeTable } from './table.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    fact: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const root = resolve(import.meta.dirname, '..', '..');
const say = (text) => process.stderr.write(`${text}\n`);
const facts = [...publishing, ...settling, ...declaring, ...dying].filter(
  ({ name }) => !values.fact || name.includes(values.fact),
);

const seen = process.env.RABBITMQ_URL ? [await lookAtGiven()] : await lookAtOwn();
if (values.write) writeTable(join(root, 'docs', 'rabbitmq-versions.md'), { facts, seen });
const unexpected = seen.flatMap(({ version, answers }) => surprises(version, answers));
for (const text of unexpected) say(`not as expected: ${text}`);
process.stdout.write(`${JSON.stringify({ seen, unexpected })}\n`);
process.exit(unexpected.length === 0 ? 0 : 1);

async function lookAtGiven() {
  const { RABBITMQ_URL: url, RABBITMQ_MANAGEMENT_URL: managementUrl } = process.env;
  if (!managementUrl) {
    say(
      'RABBITMQ_URL is set and RABBITMQ_MANAGEMENT_URL is not: set both, or none to bring brokers of its own',
    );
    process.exit(2);
  }
  return lookAt({ url, managementUrl, version: await probeVersion(url) });
}

async function lookAtOwn() {
  const stateDir = mkdtempSync(join(tmpdir(), 'remitflow-conformance-'));
  const cacheDir = resolve(process.env.REMITFLOW_CACHE ?? join(root, '.remitflow', 'cache'));
  const herd = openHerd(stateDir);
  const leave = () => {
    herd.close();
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (leave(), process.exit(130)));
  const wanted = ['present', 'next'].filter((one) => !values.only || one === values.only);
  const all = [];
  try {
    for (const one of wanted) {
      const node = await openOwnNode({ next: one === 'next', stateDir, cacheDir, herd, report: say });
      all.push(
        await lookAt({ url: node.url, managementUrl: node.managementUrl, version: node.version, node }),
      );
      await node.kill();
    }
    return all;
  } finally {
    leave();
  }
}

async function lookAt(broker) {
  const answers = {};
  say(`RabbitMQ ${broker.version}`);
  for (const fact of facts) {
    if (fact.needsNode && !broker.node) continue;
    answers[fact.name] = await answerOf(fact, broker);
    say(`  ${fact.name} … ${answers[fact.name]}`);
  }
  return { version: broker.version, answers };
}

async function answerOf(fact, broker) {
  const stage = await openStage(broker);
  try {
    return await fact.look(stage);
  } catch (error) {
    return `could not be looked at: ${error.message}`;
  } finally {
    await stage.close().catch((error) => say(`    (${error.message})`));
  }
}

function surprises(version, answers) {
  const [major, minor] = version.split('.').map(Number);
  return facts
    .filter(({ name, expected }) => expected !== undefined && name in answers)
    .flatMap(({ name, expected }) => {
      const wanted = typeof expected === 'function' ? expected(major, minor) : expected;
      return answers[name] === wanted ? [] : [`${version}: ${name} … ${answers[name]}, expected ${wanted}`];
    });
}
