import { factsHeardBy, serviceNames, type ServiceName } from '@remitflow/contracts';

/** A queue wants what is published to an exchange with a key like this (`*` one word, `#` any number of them). */
export type Binding = { readonly exchange: string; readonly queue: string; readonly key: string };

export const exchanges = ['remitflow.facts', 'remitflow.again', 'remitflow.receipts', 'remitflow.dead'];

export const queueOf = (service: ServiceName): string => `remitflow.${service}`;
export const deadQueueOf = (service: ServiceName): string => `remitflow.${service}.dead`;
export const receiptQueueOf = (service: ServiceName): string => `remitflow.${service}.receipts`;

/** What must be bound, said here a second time on purpose: the simulation does not take the code's word for it. */
export const bindingsOf = (service: ServiceName): Binding[] => [
  ...factsHeardBy(service).map((fact) => ({
    exchange: 'remitflow.facts',
    queue: queueOf(service),
    key: fact.name,
  })),
  { exchange: 'remitflow.again', queue: queueOf(service), key: `${service}.#` },
  { exchange: 'remitflow.receipts', queue: receiptQueueOf(service), key: `${service}.*` },
  { exchange: 'remitflow.dead', queue: deadQueueOf(service), key: deadQueueOf(service) },
];

type Routes = Map<string, readonly string[]>;

const wholeBindings: readonly Binding[] = serviceNames.flatMap(bindingsOf);
/** Found once for all simulations: nearly always nothing is missing. */
const wholeRoutes: Routes = new Map();

/** Which queues get what, while the bindings are what they are. */
export class Exchanges {
  #bindings = wholeBindings;
  #routes = wholeRoutes;

  queuesFor(exchange: string, key: string): readonly string[] {
    const address = `${exchange} ${key}`;
    const known = this.#routes.get(address);
    if (known) return known;
    const wanted = this.#bindings.filter(
      (binding) => binding.exchange === exchange && fits(binding.key, key),
    );
    const queues = [...new Set(wanted.map(({ queue }) => queue))];
    this.#routes.set(address, queues);
    return queues;
  }

  unbind(gone: Binding): void {
    this.#bindings = this.#bindings.filter((binding) => !isSame(binding, gone));
    this.#routes = new Map();
  }

  bind(binding: Binding): void {
    this.#bindings = [...this.#bindings, binding];
    this.#routes = new Map();
  }

  /** What a service would have to say about its bindings. */
  missing(service: ServiceName): string[] {
    if (this.#bindings === wholeBindings) return [];
    return bindingsOf(service)
      .filter((wanted) => !this.#bindings.some((binding) => isSame(binding, wanted)))
      .map(({ exchange, queue, key }) => `${queue} is not bound to ${exchange} with ${key}`);
  }
}

const isSame = (one: Binding, other: Binding): boolean =>
  one.exchange === other.exchange && one.queue === other.queue && one.key === other.key;

/** The matching of a topic exchange, word by word. */
export function fits(pattern: string, key: string): boolean {
  const matches = (wanted: readonly string[], words: readonly string[]): boolean => {
    const [first, ...rest] = wanted;
    if (first === undefined) return words.length === 0;
    if (first === '#') {
      return matches(rest, words) || (words.length > 0 && matches(wanted, words.slice(1)));
    }
    return words.length > 0 && (first === '*' || first === words[0]) && matches(rest, words.slice(1));
  };
  return matches(pattern.split('.'), key.split('.'));
}
