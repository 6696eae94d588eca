import { isUuid } from '@remitflow/kernel';

type Item = { readonly [name: string]: unknown };

/** Whom a fact is about, so that their events can be found, and which payment pays which request. */
export type Subjects = {
  readonly ids: readonly string[];
  readonly paidBy: readonly { readonly requestId: string; readonly paymentId: string }[];
};

/**
 * A bulk fact is about its items: requests, payments, payees, accounts noticed. A fact without items is about the
 * submission, cycle or message that it names.
 */
export function subjectsOf(body: object): Subjects {
  const items = itemsOf(body);
  const ids = items
    ? items.flatMap((item) => idsIn(item, ['requestId', 'paymentId', 'payeeId', 'accountId']))
    : idsIn(body as Item, ['submissionId', 'cycleId', 'messageId']);
  const paidBy = (items ?? []).flatMap(({ requestId, paymentId }) =>
    isId(requestId) && isId(paymentId) ? [{ requestId, paymentId }] : [],
  );
  return { ids: [...new Set(ids)], paidBy };
}

/** The fact reduced to the items that are about one of the ids; a fact without items as it is. */
export function partAbout(body: object, ids: ReadonlySet<string>): object {
  const isAbout = (item: Item): boolean =>
    typeof item['requestId'] === 'string' ? ids.has(item['requestId']) : ids.has(String(item['paymentId']));
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      lists.includes(name) && Array.isArray(value)
        ? value.filter(isItem).filter(isAbout)
        : (value as unknown),
    ]),
  );
}

function itemsOf(body: object): readonly Item[] | undefined {
  const list = Object.entries(body).find(([name, value]) => lists.includes(name) && Array.isArray(value));
  return (list?.[1] as readonly unknown[] | undefined)?.filter(isItem);
}

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null;

const idsIn = (item: Item, names: readonly string[]): string[] =>
  names.map((name) => item[name]).filter(isId);

/** Other text cannot be indexed, and says nothing that anybody could ask for. */
const isId = (value: unknown): value is string => typeof value === 'string' && isUuid(value);

const lists = ['requests', 'payments', 'payees', 'notices'];
