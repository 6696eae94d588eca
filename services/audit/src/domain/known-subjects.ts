import { areAmong, countOf, type Places, type Subjects } from './places.ts';

/** Facts about fewer are found by rows of their own: so what follows from one message stays quick to go through. */
const subjectsMin = 8;

type Known = { readonly month: string; readonly places: Places; readonly ids: ReadonlySet<string> };
type OfMonth = { readonly month: string; readonly subjects: Subjects };

/**
 * Whom the last bulk facts are about. What is caused by a fact of the same month and is about nobody else is found by
 * its cause and needs no rows of its own. It forgets what is oldest: who is not known has rows.
 */
export class KnownSubjects {
  readonly #known = new Map<string, Known>();
  readonly #subjectsMax: number;
  #kept = 0;

  constructor(subjectsMax = 200_000) {
    this.#subjectsMax = subjectsMax;
  }

  /** Whether the cause is about all of them. */
  isCovered(cause: string | null, { month, subjects }: OfMonth): boolean {
    if (cause === null || sizeOf(subjects) < subjectsMin) return false;
    const known = this.#known.get(cause);
    return (
      known?.month === month &&
      subjects.ids.every((id) => known.ids.has(id)) &&
      areAmong(subjects.places, known.places)
    );
  }

  add(messageId: string, { month, subjects }: OfMonth): void {
    if (sizeOf(subjects) < subjectsMin || this.#known.has(messageId)) return;
    const { places, ids } = subjects;
    this.#known.set(messageId, { month, places, ids: new Set(ids) });
    this.#kept += sizeOf(subjects);
    for (const [oldest, forgotten] of this.#known) {
      if (this.#kept <= this.#subjectsMax) return;
      this.#known.delete(oldest);
      this.#kept -= countOf(forgotten.places) + forgotten.ids.size;
    }
  }
}

const sizeOf = ({ places, ids }: Subjects): number => countOf(places) + ids.length;
