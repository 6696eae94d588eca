import { isUuid } from '@remitflow/kernel';
import { GatheredSubjects, type Subjects } from './places.ts';

type Item = { readonly [name: string]: unknown };

/**
 * The ids under which a fact is looked for. A bulk fact is about its items: requests, else payments, payees, accounts
 * noticed; one about the requests of one payment is found by that payment. A fact without items is about the submission,
 * cycle or message that it names.
 */
export function subjectsOf(body: object): Subjects {
  const items = isId(paymentOf(body)) ? undefined : itemsOf(body);
  const gathered = new GatheredSubjects();
  if (items) for (const item of items) addFirst(gathered, item, idsOfItem);
  else addFirst(gathered, body as Item, idsOfWhole);
  return gathered.all();
}

function addFirst(gathered: GatheredSubjects, item: Item, names: readonly string[]): void {
  for (const name of names) if (gathered.add(item[name])) return;
}

const idsOfItem = ['requestId', 'paymentId', 'payeeId', 'accountId'];
const idsOfWhole = ['paymentId', 'submissionId', 'cycleId', 'messageId'];

/** The payments that, as the fact says, pay the request. */
export function paymentsIn(body: object, requestId: string): string[] {
  const items = (itemsOf(body) ?? []).filter((item) => item['requestId'] === requestId);
  return items.map((item) => item['paymentId'] ?? paymentOf(body)).filter(isId);
}

/** The fact reduced to the items that are about one of the ids; a fact without items as it is; undefined when none is. */
export function partAbout(body: object, ids: ReadonlySet<string>): object | undefined {
  const isAbout = (item: Item): boolean =>
    typeof item['requestId'] === 'string' ? ids.has(item['requestId']) : ids.has(String(item['paymentId']));
  const kept = (itemsOf(body) ?? []).filter(isAbout);
  const list = listIn(body);
  if (!list) return body;
  return kept.length > 0 ? { ...body, [list]: kept } : undefined;
}

const itemsOf = (body: object): readonly Item[] | undefined => {
  const list = listIn(body);
  return list === undefined ? undefined : ((body as Item)[list] as readonly unknown[]).filter(isItem);
};

const listIn = (body: object): string | undefined =>
  lists.find((name) => Array.isArray((body as Item)[name]));

const lists = ['requests', 'payments', 'payees', 'notices'];

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null;

const paymentOf = (body: object): unknown => (body as Item)['paymentId'];

const isId = (value: unknown): value is string => typeof value === 'string' && isUuid(value);
