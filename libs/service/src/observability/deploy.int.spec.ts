import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RequestsHeld } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { findPromtool } from '@remitflow/servers';
import { callManagement, eventually, openTestService } from '@remitflow/testing';
import { parse, stringify } from 'yaml';
import { aHeldBody, failing, intakeLike } from './intake-like.builder.ts';
import { metricTable, queriedMetrics, scrapedMetrics, type Scraped } from './scraped.builder.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

type Rule = { alert: string; expr: string; for?: string };
type Rules = { groups: { name: string; rules: Rule[] }[] };
type Panel = {
  id: number;
  title: string;
  type: string;
  targets?: { expr: string; datasource: { uid: string } }[];
};
type Dashboard = { panels: Panel[]; templating: { list: { name: string; type: string }[] } };

const rulesFile = 'deploy/prometheus/rules.yml';
const rules = (parse(read(rulesFile)) as Rules).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('deploy/grafana/remitflow-messaging.json')) as Dashboard;
const queries = [
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ where: title, expr })),
  ),
];

/** What a service tells of its own business is proved in its own specs: it is named after the service. */
const isOfOneService = (name: string): boolean =>
  /^remitflow_(intake|validation|payout|remittance|audit)_/.test(name);

/** What Prometheus itself adds: its labels to every series, `up` to every target. */
const ofPrometheus = { metrics: ['up'], labels: ['job', 'instance'] };

/** What one service told, and that together with what the broker told. */
let serviceText: string;
let live: Scraped;

beforeAll(async () => {
  serviceText = await scrapeService();
  live = new Map([...(await scrapeBroker()), ...scrapedMetrics(serviceText)]);
}, 120_000);

describe('what is deployed to watch remitflow', () => {
  it.each(queries)('$where asks for nothing that does not exist: $expr', ({ expr }) => {
    const asked = queriedMetrics(expr);
    expect(asked.length).toBeGreaterThan(0);
    for (const { name, labels } of asked) {
      if (ofPrometheus.metrics.includes(name) || isOfOneService(name)) continue;
      const told = live.get(name);
      expect(told ? name : `no such metric: ${name}`).toBe(name);
      expect(
        [...labels].filter((label) => !told?.labels.has(label) && !ofPrometheus.labels.includes(label)),
      ).toEqual([]);
    }
  });

  it('leaves no metric of ours unseen', () => {
    const asked = new Set(
      queries.flatMap(({ expr }) => queriedMetrics(expr).map(({ name }) => familyOf(name))),
    );
    const ours = [...live.keys()]
      .map(familyOf)
      .filter((name) => /^(remitflow|messaging|http_server)_/.test(name));
    expect(ours.length).toBeGreaterThan(30);
    expect([...new Set(ours)].filter((name) => !asked.has(name))).toEqual([]);
  });

  it('is documented as it is', () => {
    const table = metricTable(live, /^(remitflow|messaging|http_server)_/);
    expect(
      read('docs/observability.md').match(/<!-- metrics -->\n\n([\s\S]*?)\n\n<!-- \/metrics -->/)?.[1],
    ).toBe(table);
  });

  it('has a dashboard that any Grafana can import: one data source that is asked for, ids that are unique', () => {
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: 'datasource', type: 'datasource' }),
    );
    const targets = dashboard.panels.flatMap(({ targets: some = [] }) => some);
    expect(new Set(targets.map(({ datasource }) => datasource.uid))).toEqual(new Set(['${datasource}']));
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

const promtool = await findPromtool();
if (!promtool) process.stderr.write('promtool is not to be had here: the rules are not tried\n');

(promtool ? describe : describe.skip)('the rules, tried with promtool', () => {
  const run = (args: string[], input = ''): Promise<{ failed: boolean; output: string }> =>
    new Promise((resolve) => {
      const child = execFile(promtool ?? '', args, { timeout: 30_000 }, (error, stdout, stderr) =>
        resolve({ failed: error !== null, output: stdout + stderr }),
      );
      child.stdin?.end(input);
    });

  it('are read without complaint', async () => {
    expect(await run(['check', 'rules', join(root, rulesFile)])).toMatchObject({ failed: false });
    expect(await run(['check', 'config', join(root, 'deploy/prometheus/prometheus.yml')])).toMatchObject({
      failed: false,
    });
  });

  it('rest on metrics that are named as Prometheus wants them; only those of Node itself are not', async () => {
    const { output } = await run(['check', 'metrics'], serviceText);
    const complaints = output.split('\n').filter((line) => line && !line.startsWith('nodejs_active_'));
    expect(complaints).toEqual([]);
  });

  it('fire and stay quiet as they should', async () => {
    expect(await run(['test', 'rules', join(root, 'deploy/prometheus/rules.test.yml')])).toEqual({
      failed: false,
      output: expect.stringContaining('SUCCESS'),
    });
  });

  it.each([
    ['always', 'vector(1)'],
    ['never', 'vector(0) > 1'],
  ])('are proved: a test of every one of them fails when it %s fires', async (_, expr) => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    const spoiled = parse(read(rulesFile)) as Rules;
    for (const rule of spoiled.groups.flatMap((group) => group.rules))
      Object.assign(rule, { expr, for: '0s' });
    writeFileSync(join(folder, 'rules.yml'), stringify(spoiled));
    writeFileSync(join(folder, 'rules.test.yml'), read('deploy/prometheus/rules.test.yml'));
    const { failed, output } = await run(['test', 'rules', join(folder, 'rules.test.yml')]);
    expect(failed).toBe(true);
    expect(rules.filter(({ alert }) => !output.includes(`alertname: ${alert},`))).toEqual([]);
  });
});

const familyOf = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');

/** A service that has done everything there is a series for. */
async function scrapeService(): Promise<string> {
  const service = await openTestService(intakeLike);
  try {
    const speaker = await service.speakAs('validation', [RequestsHeld]);
    for (const claimIds of [['C1', 'C2'], [failing.lasting], [failing.passing]]) {
      await speaker.work(async ({ outbox }) => outbox.add(RequestsHeld, aHeldBody(claimIds)));
    }
    await fetch(`${service.url}/submissions/${uuidV7()}`);
    const scrape = async (): Promise<string> => (await fetch(`${service.url}/metrics`)).text();
    const complete = (text: string): boolean =>
      /open_by_cause_messages\{/.test(text) &&
      /remitflow_retry_scheduled_messages\{.*\} 1/.test(text) &&
      /messaging_client_sent_messages_total\{.*submissions.received.*\} [1-9]/.test(text);
    return await eventually(async () => {
      const text = await scrape();
      return complete(text) ? text : undefined;
    });
  } finally {
    await service.close();
  }
}

/** As deploy/prometheus/prometheus.yml asks the broker. */
async function scrapeBroker(): Promise<Scraped> {
  const { listeners } = (await callManagement('GET', '/api/overview')) as {
    listeners: { protocol: string; port: number }[];
  };
  const port = listeners.find(({ protocol }) => protocol === 'http/prometheus')?.port;
  const service = await openTestService(intakeLike);
  try {
    const paths = ['/metrics', '/metrics/detailed?family=queue_coarse_metrics&family=queue_consumer_count'];
    const scrape = async (): Promise<string> => {
      const answers = await Promise.all(paths.map((path) => fetch(`http://127.0.0.1:${port}${path}`)));
      return (await Promise.all(answers.map((answer) => answer.text()))).join('\n');
    };
    return scrapedMetrics(
      await eventually(async () => {
        const text = await scrape();
        return /^rabbitmq_detailed_queue_messages_ready\{/m.test(text) ? text : undefined;
      }, 30_000),
    );
  } finally {
    await service.close();
  }
}
