import type { Metrics } from './metrics.ts';

const waits = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** From said to committed there may be a queue, an outage or a redrive in between. */
const longWaits = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 150, 300, 1_800, 7_200, 86_400];

/** Names of OpenTelemetry's conventions for messaging where they have one, ours for the rest. */
export const declareRuntimeMetrics = (metrics: Metrics) => ({
  ...declareSent(metrics),
  ...declareHeard(metrics),
  ...declareState(metrics),
});

const declareSent = (metrics: Metrics) => ({
  sent: metrics.count({
    name: 'messaging_client_sent_messages_total',
    help: 'Messages given to the broker; error_type is empty when it confirmed that it has them in a queue.',
    labels: ['messaging_system', 'messaging_operation_name', 'messaging_destination_name', 'error_type'],
  }),
  operation: metrics.spread(
    {
      name: 'messaging_client_operation_duration_seconds',
      help: 'How long an operation on the broker took: send, from publish to the broker’s answer.',
      labels: ['messaging_system', 'messaging_operation_name', 'error_type'],
    },
    waits,
  ),
  confirm: metrics.spread(
    {
      name: 'remitflow_outbox_confirm_duration_seconds',
      help: 'From publishing an outbox row to the answer of the broker, whichever it was.',
    },
    waits,
  ),
  returned: metrics.count({
    name: 'remitflow_publish_returned_total',
    help: 'Publishes that the broker returned because no queue is bound for them; they stay in the outbox.',
    labels: ['fact'],
  }),
  refused: metrics.count({
    name: 'remitflow_publish_refused_total',
    help: 'Publishes that the broker refused (nack), a full queue for example; they stay in the outbox.',
    labels: ['fact'],
  }),
  lost: metrics.count({
    name: 'remitflow_publish_lost_total',
    help: 'Publishes whose answer did not come; they stay in the outbox and are published again.',
    labels: ['fact'],
  }),
  missing: metrics.count({
    name: 'remitflow_receipt_missing_total',
    help: 'Confirmed messages that a hearer did not receipt in time and that were published again for it alone.',
    labels: ['hearer', 'fact'],
  }),
  healed: metrics.count({
    name: 'remitflow_receipt_healed_total',
    help: 'Messages that were receipted after they had been published again.',
    labels: ['hearer'],
  }),
  receiptsSent: metrics.count({
    name: 'remitflow_receipts_sent_total',
    help: 'Ids of committed messages that were receipted to those who said them.',
  }),
});

const declareHeard = (metrics: Metrics) => ({
  consumed: metrics.count({
    name: 'messaging_client_consumed_messages_total',
    help: 'Messages that were taken to an end, whichever it was.',
    labels: ['messaging_system', 'messaging_operation_name', 'messaging_destination_name'],
  }),
  process: metrics.spread(
    {
      name: 'messaging_process_duration_seconds',
      help: 'How long a message was processed, with its immediate tries; error_type is the code of the last error.',
      labels: ['messaging_system', 'messaging_operation_name', 'messaging_destination_name', 'error_type'],
    },
    waits,
  ),
  critical: metrics.spread(
    {
      name: 'remitflow_critical_time_seconds',
      help: 'From saying a fact to the commit of its effects, with every wait in between.',
      labels: ['fact'],
    },
    longWaits,
  ),
  handled: metrics.count({
    name: 'remitflow_messages_handled_total',
    help: 'Messages by what became of them: done, duplicate, split (halved), parked (dead letter) or retrying (later).',
    labels: ['fact', 'outcome'],
  }),
  items: metrics.count({
    name: 'remitflow_items_handled_total',
    help: 'Items (requests, payments, payees) of bulk messages whose effects have committed.',
    labels: ['fact'],
  }),
  duplicates: metrics.count({
    name: 'remitflow_inbox_duplicates_total',
    help: 'Messages that had been handled before and had no effect again.',
    labels: ['fact'],
  }),
  digestConflicts: metrics.count({
    name: 'remitflow_inbox_digest_conflicts_total',
    help: 'Messages with the id of another one and a different body; parked.',
    labels: ['fact'],
  }),
  redelivered: metrics.count({
    name: 'remitflow_redelivered_total',
    help: 'Deliveries that the broker had handed over before.',
    labels: ['fact'],
  }),
  retryAttempts: metrics.count({
    name: 'remitflow_retry_attempts_total',
    help: 'Messages that failed for a passing reason and were put off to be tried again.',
    labels: ['fact'],
  }),
  parked: metrics.count({
    name: 'remitflow_dead_letters_parked_total',
    help: 'Messages that could not be processed and were parked for people.',
    labels: ['fact'],
  }),
});

const declareState = (metrics: Metrics) => ({
  attached: metrics.level({
    name: 'remitflow_consumer_attached',
    help: '1 while the service consumes its queue.',
  }),
  paused: metrics.level({
    name: 'remitflow_consumer_paused',
    help: '1 while the service takes no messages because a dependency is down.',
  }),
  circuit: metrics.level({
    name: 'remitflow_circuit_open',
    help: '1 while a dependency is down and probed until it answers.',
  }),
  relayConnected: metrics.level({
    name: 'remitflow_relay_connected',
    help: '1 while there is a channel to publish on.',
  }),
  relayBlocked: metrics.level({
    name: 'remitflow_relay_blocked',
    help: '1 while the broker takes no messages: memory or disk alarm.',
  }),
  topology: metrics.level({
    name: 'remitflow_topology_differences',
    help: 'In how many ways the broker differs from what the registry of facts demands.',
  }),
  drain: metrics.level({
    name: 'remitflow_drain_duration_seconds',
    help: 'How long it took to finish what was begun when the service was told to stop; 0 before.',
  }),
});
