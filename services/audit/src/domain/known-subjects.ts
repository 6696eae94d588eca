/** Facts about fewer are found by rows of their own: so what follows from one message stays quick to go through. */
const subjectsMin = 8;

/**
 * Whom the last bulk facts are about. What is caused by a fact of the same month and is about nobody else is found by
 * its cause and needs no rows of its own. It forgets what is oldest: who is not known has rows.
 */
export class KnownSubjects {
  readonly #known = new Map<string, { readonly month: string; readonly ids: ReadonlySet<string> }>();
  readonly #idsMax: number;
  #idsKept = 0;

  constructor(idsMax = 200_000) {
    this.#idsMax = idsMax;
  }

  /** Whether the cause is about all of them. */
  isCovered(cause: string | null, { month, ids }: { month: string; ids: readonly string[] }): boolean {
    const known = cause === null || ids.length < subjectsMin ? undefined : this.#known.get(cause);
    return known !== undefined && known.month === month && ids.every((id) => known.ids.has(id));
  }

  add(messageId: string, { month, ids }: { month: string; ids: readonly string[] }): void {
    if (ids.length < subjectsMin || this.#known.has(messageId)) return;
    this.#known.set(messageId, { month, ids: new Set(ids) });
    this.#idsKept += ids.length;
    for (const [oldest, { ids: forgotten }] of this.#known) {
      if (this.#idsKept <= this.#idsMax) return;
      this.#known.delete(oldest);
      this.#idsKept -= forgotten.size;
    }
  }
}
