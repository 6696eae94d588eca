import type { Database } from '@remitflow/persistence';

/** How many messages of one version of a fact a service still has to deal with, or to see dealt with. */
export type InFlight = {
  /** For example `payouts.returned.v1`. */
  readonly fact: string;
  /** Said by the service and not receipted by everybody … */
  readonly outbox: number;
  /** … namely not by these services; whoever is to hear it, while it is not published yet. */
  readonly awaiting: readonly string[];
  /** Heard by the service and waiting for another try. */
  readonly retries: number;
  /** Heard by the service and waiting for a person. */
  readonly deadLetters: number;
};

/** A version can be given up by its speaker when neither the speaker nor a hearer has any of it in flight. */
export function inFlightVersions(database: Pick<Database, 'query'>): Promise<InFlight[]> {
  return database.query<InFlight>(
    `with owed as (
       select fact_name, count(*)::int as rows from outbox
       where awaiting <> '{}' or published_at is null group by fact_name),
     owing as (
       select fact_name, array_agg(distinct hearer order by hearer) as hearers
       from outbox cross join unnest(awaiting) as hearer where awaiting <> '{}' group by fact_name),
     again as (select envelope->>'type' as fact_name, count(*)::int as rows from retries group by 1),
     parked as (
       select fact_name, count(*)::int as rows from dead_letters
       where state in ('open', 'redriving') group by fact_name)
     select fact_name as fact, coalesce(owed.rows, 0) as outbox, coalesce(owing.hearers, '{}') as awaiting,
            coalesce(again.rows, 0) as retries, coalesce(parked.rows, 0) as "deadLetters"
     from owed full join owing using (fact_name) full join again using (fact_name) full join parked using (fact_name)
     order by fact_name`,
  );
}
