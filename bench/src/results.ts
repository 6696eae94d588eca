import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Bench, type Table } from './bench.ts';
import { root } from './root.ts';
import { markdownTable } from './measure/text-table.ts';

/** What a full run has found, with what it was found on: bench/RESULTS.md. */
export function writeResults(
  file: string,
  { bench, tables, seconds }: { bench: Bench; tables: readonly Table[]; seconds: number },
): void {
  const sections = tables.map(
    ({ title, head, rows, note }) =>
      `## ${title}\n\n${markdownTable(head, rows)}\n${note ? `\n${note}\n` : ''}`,
  );
  const text = [
    '# What `npm run bench` measured\n',
    `Medians of ${bench.settings.runs} runs. ${new Date().toISOString().slice(0, 10)}, commit ${commit()}, ` +
      `${(seconds / 60).toFixed(0)} minutes.\n`,
    markdownTable(['', ''], machine(bench)),
    '',
    ...sections,
    '## The document\n',
    `\`\`\`json\n${JSON.stringify(bench.figures, null, 2)}\n\`\`\`\n`,
  ].join('\n');
  writeFileSync(file, text);
}

function machine(bench: Bench): [string, string][] {
  const [first] = cpus();
  const servers = (bench.figures['servers'] ?? {}) as { postgres?: string; rabbit?: string };
  return [
    ['processor', `${cpus().length} × ${first?.model.trim() ?? 'unknown'}`],
    ['memory', `${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
    [
      'work of others',
      `load average ${bench.loadBefore.toFixed(1)} before the run, ${loadavg()[0]!.toFixed(1)} behind it`,
    ],
    ['system', `${process.platform} ${release()} ${process.arch}`],
    ['Node', process.version],
    ['PostgreSQL', servers.postgres ?? '–'],
    ['RabbitMQ', servers.rabbit ?? '–'],
    ...['@nestjs/microservices', 'typeorm', 'amqplib', 'x12-parser', 'node-x12'].map(
      (name): [string, string] => [name, versionOf(name)],
    ),
  ];
}

const versionOf = (name: string): string => {
  const manifest = join(root, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
};

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
