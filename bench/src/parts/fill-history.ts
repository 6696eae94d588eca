import type { Bench } from '../bench.ts';
import type { Instance } from '../instance.ts';
import { withClient } from '../peers.ts';

type Column = { readonly name: string; readonly type: string; readonly isOptional: boolean };

const fillSize = 250_000;
/** Bills come again within the time that claims may be sent late: most of the history is of the last two years. */
const historyDays = 730;

/** Puts bills nobody will send again into the duplicate check's table, whatever its columns are today. */
export async function fillHistory(bench: Bench, instance: Instance, keys: number): Promise<void> {
  await withClient(instance.databaseUrl('validation'), async (client) => {
    const { rows } = await client.query<Column>(columnsSql);
    const filled = rows.filter(({ isOptional }) => !isOptional);
    const names = filled.map(({ name }) => name).join(', ');
    const insert = `
      insert into bill_history (${names})
      select ${filled.map(valueOf).join(', ')} from generate_series($1::int, $2::int) as n
      on conflict do nothing`;
    await client.query('set synchronous_commit = off');
    for (let first = 1; first <= keys; first += fillSize) {
      await client.query(insert, [first, Math.min(keys, first + fillSize - 1)]);
      if (first % (fillSize * 8) === 1) bench.say(`  · ${first - 1} of ${keys} bill keys`);
    }
    await client.query('vacuum analyze bill_history');
    await client.query('checkpoint');
  });
}

/** What has a default or may be null is left to the table, but for the day that a bill is kept by. */
const columnsSql = `
  select column_name as name, udt_name as type,
    is_nullable = 'YES' or is_identity = 'YES' or is_generated = 'ALWAYS'
      or (column_default is not null and data_type <> 'date') as "isOptional"
  from information_schema.columns where table_schema = current_schema() and table_name = 'bill_history'
  order by ordinal_position`;

function valueOf({ name, type }: Column): string {
  const value = values[type];
  if (!value) throw new Error(`bill_history.${name} is of type ${type}, which the benchmark cannot fill`);
  return value;
}

const values: Readonly<Record<string, string>> = {
  bytea: `substring(sha256(convert_to('bench ' || n, 'UTF8')) for 16)`,
  uuid: `md5('bench ' || n)::uuid`,
  text: `'H' || n`,
  date: `current_date - (n % ${historyDays})`,
  timestamptz: `now() - (n % ${historyDays}) * interval '1 day'`,
  int2: '1',
  int4: 'n',
  int8: 'n',
};
