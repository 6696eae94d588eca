/** What one metric is, as a scrape tells it. */
export type Told = { readonly type: string; readonly help: string; readonly labels: Set<string> };
/** By the name of the series: a histogram is there three times, with `_bucket`, `_sum` and `_count`. */
export type Scraped = Map<string, Told>;

export function scrapedMetrics(text: string): Scraped {
  const helps = new Map([...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name, help]) => [name, help]));
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  const scraped: Scraped = new Map();
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_][a-z0-9_]*)(?:\{(.*)\})? \S+$/gm)) {
    const family = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    const told = scraped.get(name) ?? {
      type: types.get(family) ?? 'untyped',
      help: helps.get(family) ?? '',
      labels: new Set<string>(),
    };
    for (const [, label = ''] of labels.matchAll(/([a-z_]+)="/g)) told.labels.add(label);
    scraped.set(name, told);
  }
  return scraped;
}

/** The metrics that a query of Prometheus asks for, each with the labels that it selects by. */
export function queriedMetrics(expr: string): { name: string; labels: string[] }[] {
  const bare = expr
    .replace(/\b(?:by|on|without|ignoring)\s*\([^)]*\)/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return [...bare.matchAll(/(?<![\w.$])([a-z][a-z0-9_]*)(?![\w(])\s*(\{[^}]*\})?(?!\s*\()/gi)]
    .filter(([, name]) => !/^(?:and|or|unless|offset|bool|inf|nan)$/i.test(name!))
    .filter(([, name]) => name!.includes('_') || name === 'up')
    .map(([, name, selector = '']) => ({
      name: name!,
      labels: [...selector.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
    }));
}

/** The table of docs/observability.md. */
export function metricTable(scraped: Scraped, which: RegExp): string {
  const families = new Map<string, Told>();
  for (const [name, told] of scraped) {
    if (!which.test(name)) continue;
    families.set(told.type === 'histogram' ? name.replace(/_(bucket|sum|count)$/, '') : name, told);
  }
  const rows = [...families]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { type, help, labels }]) => {
      const own = [...labels].filter((label) => !['service', 'le'].includes(label)).sort();
      return [`\`${name}\``, type, own.join(', '), help.replaceAll('|', '\\|')];
    });
  return aligned([['metric', 'type', 'labels', 'what it tells'], ...rows]);
}

function aligned([head = [], ...rows]: string[][]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => [...(row[column] ?? '')].length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
