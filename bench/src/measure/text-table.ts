export type Cell = string | number;

/** Columns in line; numbers to the right, with at most two decimals and separated thousands. */
export function textTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [head, ...rows].map((row) => row.map(cellText));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const isNumeric = head.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) =>
        isNumeric[column] ? text.padStart(widths[column]!) : text.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  const [first, ...rest] = texts;
  return [line(first!), widths.map((width) => '-'.repeat(width)).join('  '), ...rest.map(line)].join('\n');
}

/** The same as a table of Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string => `| ${cells.map(cellText).join(' | ')} |`;
  const rule = head.map((_, column) =>
    rows.some((row) => typeof row[column] === 'number') ? '---:' : '---',
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

const cellText = (cell: Cell): string => (typeof cell === 'number' ? figure(cell) : cell);

/** 0.0123 → 0.012, 12.345 → 12.35, 12345.6 → 12,346: three figures that mean something, no more. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const decimals = size >= 1000 || Number.isInteger(value) ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
