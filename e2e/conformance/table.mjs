import { readFileSync, writeFileSync } from 'node:fs';

const begin = '<!-- answers: written by e2e/conformance/run.mjs --write -->';
const end = '<!-- end of answers -->';

/** One row per fact, one column per broker that was asked, between the two marks of the document. */
export function writeTable(file, { facts, seen }) {
  const head = ['what we look at', ...seen.map(({ version }) => version)];
  const rows = facts.map(({ name }) => [name, ...seen.map(({ answers }) => answers[name] ?? '—')]);
  const lines = aligned(head, rows);
  const text = readFileSync(file, 'utf8');
  const [before, rest] = split(text, begin);
  const [, after] = split(rest, end);
  writeFileSync(file, `${before}${begin}\n\n${lines.join('\n')}\n\n${end}${after}`);
}

/** As the formatter of the repository would leave it. */
function aligned(head, rows) {
  const widths = head.map((_, place) => Math.max(...[head, ...rows].map((cells) => cells[place].length)));
  const line = (cells) => `| ${cells.map((cell, place) => cell.padEnd(widths[place])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

function split(text, mark) {
  const place = text.indexOf(mark);
  if (place < 0) throw new Error(`the document has no line "${mark}"`);
  return [text.slice(0, place), text.slice(place + mark.length)];
}
