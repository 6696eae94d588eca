import type { Management } from './management.ts';
import type { Topology } from './topology.ts';

/** What a broker has, as far as its management interface tells. */
export type ActualTopology = {
  readonly exchanges: readonly ActualExchange[];
  readonly queues: readonly ActualQueue[];
  readonly bindings: readonly ActualBinding[];
};

export type ActualExchange = {
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  /** The policy that applies to it. */
  readonly policy?: string | undefined;
};

export type ActualQueue = {
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What the policies that apply to it set, and their names. */
  readonly policy?: { readonly names: readonly string[]; readonly sets: readonly string[] } | undefined;
  /** Nobody leads it: it takes no messages and gives none. */
  readonly leaderless?: boolean;
};

export type ActualBinding = Topology['bindings'][number];

/** Every difference between what must be and what is, for the queues and exchanges that must be; empty is well. */
export function describeDrift(expected: Topology, actual: ActualTopology): string[] {
  return [
    ...expected.exchanges.flatMap((wanted) => exchangeDrift(wanted, named(actual.exchanges, wanted.name))),
    ...expected.queues.flatMap((wanted) => queueDrift(wanted, named(actual.queues, wanted.name))),
    ...missingBindings(expected, actual).map((binding) => `binding ${shown(binding)} is missing`),
    ...extraBindings(expected, actual).map((binding) => `binding ${shown(binding)} must not be`),
  ];
}

/** Queues that exist and would have to be made anew: their arguments are for life, and one without a leader is dead. */
export const unfitQueues = (
  expected: Topology,
  actual: ActualTopology,
): readonly { name: string; leaderless: boolean; differs: readonly string[] }[] =>
  expected.queues.flatMap((wanted) => {
    const found = named(actual.queues, wanted.name);
    const differs = found ? queueDrift(wanted, { ...found, policy: undefined }) : [];
    return differs.length === 0
      ? []
      : [{ name: wanted.name, leaderless: found?.leaderless ?? false, differs }];
  });

/** Exchanges that exist and are of another kind. */
export const unfitExchanges = (
  expected: Topology,
  actual: ActualTopology,
): readonly { name: string; differs: string }[] =>
  expected.exchanges.flatMap((wanted) => {
    const found = named(actual.exchanges, wanted.name);
    const differs = found ? exchangeDrift(wanted, { ...found, policy: undefined }) : [];
    return differs.length === 0 ? [] : [{ name: wanted.name, differs: differs.join('; ') }];
  });

export const missingBindings = (expected: Topology, actual: ActualTopology): readonly ActualBinding[] =>
  expected.bindings.filter(
    (binding) => named(actual.queues, binding.queue) && !contains(actual.bindings, binding),
  );

/** Bindings of a queue that must be, which the registry does not know. */
export const extraBindings = (expected: Topology, actual: ActualTopology): readonly ActualBinding[] =>
  actual.bindings.filter(
    (binding) => named(expected.queues, binding.queue) && !contains(expected.bindings, binding),
  );

/** Bindings that carry what is said on our exchanges to somewhere else. */
export const tappingBindings = (expected: Topology, actual: ActualTopology): readonly ActualBinding[] =>
  actual.bindings.filter(
    (binding) => named(expected.exchanges, binding.exchange) && !named(expected.queues, binding.queue),
  );

/** `remitflow.facts → remitflow.payout (requests.approved.v1)` */
export const shown = ({ exchange, queue, key }: ActualBinding): string => `${exchange} → ${queue} (${key})`;

/** Reads a virtual host; a login with the tag `monitoring` and no permission at all is enough. */
export async function readTopology(management: Management, virtualHost: string): Promise<ActualTopology> {
  const host = encodeURIComponent(virtualHost);
  const [overview, exchanges, queues, bindings] = await Promise.all([
    management.get<{ disable_stats?: boolean }>('/api/overview?columns=disable_stats'),
    management.get<ToldExchange[]>(`/api/exchanges/${host}?columns=name,type,durable,policy`),
    management.get<ToldQueue[]>(`/api/queues/${host}?columns=${queueColumns}`),
    management.get<ToldBinding[]>(`/api/bindings/${host}?columns=source,destination,routing_key`),
  ]);
  return {
    exchanges: exchanges.map(({ policy, ...exchange }) => ({ ...exchange, ...(policy ? { policy } : {}) })),
    // A broker that keeps no statistics has no leader tell of its queue.
    queues: queues.map((queue) => asQueue(queue, overview.disable_stats !== true)),
    bindings: bindings
      .filter(({ source }) => source !== '')
      .map(({ source, destination, routing_key: key }) => ({ exchange: source, queue: destination, key })),
  };
}

/** A queue that has told nothing yet may have a leader all the same: for readers that do not wait for it. */
export const unsuspected = (actual: ActualTopology): ActualTopology => ({
  ...actual,
  queues: actual.queues.map((queue) => ({ ...queue, leaderless: false })),
});

const queueColumns = 'name,type,durable,arguments,policy,operator_policy,effective_policy_definition,state';

type ToldExchange = { name: string; type: string; durable: boolean; policy?: string | null };
type ToldBinding = { source: string; destination: string; routing_key: string };
type ToldQueue = {
  name: string;
  type: string;
  durable: boolean;
  arguments: Record<string, unknown>;
  policy?: string | null;
  operator_policy?: string | null;
  effective_policy_definition?: Record<string, unknown> | null;
  /** Told by its leader: without one there is none, whoever else is named as leader. */
  state?: string;
};

function asQueue(told: ToldQueue, leadersTell: boolean): ActualQueue {
  const names = [told.policy, told.operator_policy].filter((name): name is string => Boolean(name));
  return {
    name: told.name,
    type: told.type,
    durable: told.durable,
    arguments: told.arguments,
    ...(names.length > 0
      ? { policy: { names, sets: Object.keys(told.effective_policy_definition ?? {}) } }
      : {}),
    ...(leadersTell && told.type === 'quorum' && told.state === undefined ? { leaderless: true } : {}),
  };
}

function exchangeDrift(
  wanted: Topology['exchanges'][number],
  found: ActualExchange | undefined,
): readonly string[] {
  const { name, type } = wanted;
  if (!found) return [`exchange ${name} is missing`];
  return [
    ...(found.type === type ? [] : [`exchange ${name} is ${found.type}, must be ${type}`]),
    ...(found.durable ? [] : [`exchange ${name} does not outlive the broker`]),
    ...(found.policy ? [`a policy "${found.policy}" applies to exchange ${name}`] : []),
  ];
}

function queueDrift(wanted: Topology['queues'][number], found: ActualQueue | undefined): readonly string[] {
  const { name } = wanted;
  if (!found) return [`queue ${name} is missing`];
  return [
    ...(found.durable ? [] : [`queue ${name} does not outlive the broker`]),
    ...(found.leaderless ? [`queue ${name} has no leader: it takes and gives nothing`] : []),
    ...argumentDrift(wanted, found),
    ...policyDrift(found),
  ];
}

function argumentDrift(wanted: Topology['queues'][number], found: ActualQueue): readonly string[] {
  // A queue declared without a type has the type its virtual host gives it.
  const actual: Readonly<Record<string, unknown>> = { ...found.arguments, 'x-queue-type': found.type };
  const names = new Set([...Object.keys(wanted.arguments), ...Object.keys(actual)]);
  return [...names].flatMap((name) => {
    const [must, is] = [wanted.arguments[name], actual[name]];
    if (must === is) return [];
    const has = is === undefined ? `no ${name}` : `${name} ${String(is)}`;
    return [
      `queue ${found.name} has ${has}, must ${must === undefined ? 'have none' : `be ${String(must)}`}`,
    ];
  });
}

function policyDrift({ name, policy }: ActualQueue): readonly string[] {
  const changed = policy?.sets.filter((key) => !harmless.has(key)) ?? [];
  if (!policy || changed.length === 0) return [];
  return [`a policy "${policy.names.join('", "')}" sets ${changed.join(', ')} on ${name}`];
}

/** What a policy may set without a message going elsewhere: where members stand, how long a consumer may take. */
const harmless: ReadonlySet<string> = new Set([
  'consumer-timeout',
  'queue-leader-locator',
  'target-group-size',
]);

const named = <One extends { readonly name: string }>(list: readonly One[], name: string): One | undefined =>
  list.find((one) => one.name === name);

const contains = (list: readonly ActualBinding[], { exchange, queue, key }: ActualBinding): boolean =>
  list.some((one) => one.exchange === exchange && one.queue === queue && one.key === key);
