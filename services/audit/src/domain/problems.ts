import type { Problem } from './stream-check.ts';

/** Counts all problems, keeps the first of them. What two checks show is one problem. */
export class Problems {
  readonly first: Problem[] = [];
  found = 0;
  readonly #known = new Set<string>();

  add(problems: readonly Problem[]): void {
    for (const problem of problems) {
      const key = `${problem.stream} ${problem.sequence} ${problem.kind}`;
      if (this.#known.has(key)) continue;
      this.found += 1;
      if (this.first.length >= problemsMax) continue;
      this.#known.add(key);
      this.first.push(problem);
    }
  }
}

const problemsMax = 1_000;
