import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@remitflow/contracts';
import { LeaderWatch } from './topology-check.ts';
import { describeDrift, tappingBindings, type ActualTopology } from './topology-drift.ts';
import { topologyOf } from './topology.ts';

const expected = topologyOf(['payout'], 3);

/** A broker that has exactly what all services need. */
const well: ActualTopology = ((all) => ({
  exchanges: all.exchanges.map((exchange) => ({ ...exchange, durable: true })),
  queues: all.queues.map((queue) => ({ ...queue, type: 'quorum', durable: true })),
  bindings: all.bindings,
}))(topologyOf(serviceNames, 3));

type Queue = ActualTopology['queues'][number];

const withQueue = (name: string, change: (queue: Queue) => Partial<Queue>): ActualTopology => ({
  ...well,
  queues: well.queues.map((queue) => (queue.name === name ? { ...queue, ...change(queue) } : queue)),
});

describe('what differs from the registry', () => {
  it('is nothing on a broker that has what must be, whatever else it has', () => {
    const busy = {
      ...well,
      exchanges: [...well.exchanges, { name: 'amq.topic', type: 'topic', durable: true }],
      bindings: [...well.bindings, { exchange: 'amq.topic', queue: 'somebody', key: '#' }],
    };
    expect(describeDrift(expected, busy)).toEqual([]);
    expect(describeDrift(topologyOf(serviceNames, 3), busy)).toEqual([]);
  });

  it('names a binding that is missing and one that must not be', () => {
    const [first, ...others] = well.bindings.filter((binding) => binding.queue === 'remitflow.payout');
    const extra = { ...first!, key: 'claims.deleted.v1' };
    const rest = well.bindings.filter((binding) => binding.queue !== 'remitflow.payout');
    expect(describeDrift(expected, { ...well, bindings: [...rest, ...others, extra] })).toEqual([
      `binding remitflow.facts → remitflow.payout (${first!.key}) is missing`,
      'binding remitflow.facts → remitflow.payout (claims.deleted.v1) must not be',
    ]);
  });

  it.each<[string, Partial<Queue>, string]>([
    ['another limit', { arguments: { 'x-delivery-limit': 5 } }, 'has x-delivery-limit 5, must be 20'],
    ['no limit', { arguments: { 'x-delivery-limit': undefined } }, 'has no x-delivery-limit, must be 20'],
    ['an expiry', { arguments: { 'x-message-ttl': 1000 } }, 'has x-message-ttl 1000, must have none'],
    ['another type', { type: 'classic' }, 'has x-queue-type classic, must be quorum'],
    ['a queue that does not last', { durable: false }, 'does not outlive the broker'],
    ['nobody to lead it', { leaderless: true }, 'has no leader: it takes and gives nothing'],
  ])('names %s', (_, change, sentence) => {
    const actual = withQueue('remitflow.payout', (queue) => ({
      ...change,
      arguments: { ...queue.arguments, ...change.arguments },
    }));
    expect(describeDrift(expected, actual)).toEqual([`queue remitflow.payout ${sentence}`]);
  });

  it('names a policy that changes a queue, and no policy that only says where its members stand', () => {
    const policy = (sets: string[]): ActualTopology =>
      withQueue('remitflow.payout', () => ({ policy: { names: ['ttl'], sets } }));
    expect(describeDrift(expected, policy(['message-ttl', 'queue-leader-locator']))).toEqual([
      'a policy "ttl" sets message-ttl on remitflow.payout',
    ]);
    expect(describeDrift(expected, policy(['queue-leader-locator']))).toEqual([]);
  });

  it('names queues and exchanges that are missing or of another kind, and no binding of a missing queue', () => {
    const actual = {
      ...well,
      exchanges: well.exchanges
        .filter(({ name }) => name !== 'remitflow.again')
        .map((one) => (one.name === 'remitflow.facts' ? { ...one, type: 'fanout', policy: 'ae' } : one)),
      queues: well.queues.filter(({ name }) => name !== 'remitflow.payout.receipts'),
      bindings: well.bindings.filter(({ queue }) => queue !== 'remitflow.payout.receipts'),
    };
    expect(describeDrift(expected, actual)).toEqual([
      'exchange remitflow.facts is fanout, must be topic',
      'a policy "ae" applies to exchange remitflow.facts',
      'exchange remitflow.again is missing',
      'queue remitflow.payout.receipts is missing',
    ]);
  });

  it('is another matter for another service', () => {
    const actual = { ...well, queues: well.queues.filter(({ name }) => name !== 'remitflow.audit') };
    expect(describeDrift(expected, actual)).toEqual([]);
  });
});

describe('who listens in', () => {
  it('is whoever is bound to our exchanges and is none of us', () => {
    const tap = { exchange: 'remitflow.facts', queue: 'debugging', key: '#' };
    const bindings = [...well.bindings, tap];
    expect(tappingBindings(topologyOf(serviceNames, 3), { ...well, bindings })).toEqual([tap]);
  });
});

describe('a queue without a leader', () => {
  it('is one whose leader was silent for longer than a queue that was just declared', () => {
    const silent = withQueue('remitflow.payout', () => ({ leaderless: true }));
    const watch = new LeaderWatch();
    const leaderless = (actual: ActualTopology, atMs: number): boolean =>
      describeDrift(expected, watch.judge(actual, atMs)).length > 0;
    expect(leaderless(silent, 0)).toBe(false);
    expect(leaderless(silent, 19_000)).toBe(false);
    expect(leaderless(silent, 20_000)).toBe(true);
    expect(leaderless(well, 30_000)).toBe(false);
    expect(leaderless(silent, 40_000)).toBe(false);
  });
});
