import {
  RequestsApproved,
  RequestsHeld,
  RequestsHeldBody,
  SubmissionsReceived,
  type FactContract,
} from '@remitflow/contracts';
import { uuidV5, uuidV7 } from '@remitflow/kernel';
import {
  messageTables,
  MessagingRuntime,
  provisionTopology,
  queueOf,
  type Dispatch,
  type Heard,
} from '@remitflow/messaging';
import { connect } from 'amqplib';
import { eventually } from './eventually.ts';
import { quietLog } from './recording-outbox.ts';
import { openTestBroker, openTestDatabase, type TestDatabase } from './test-servers.ts';

/** Validation speaks and intake hears, over a real broker and a database each. */
export class TwoServices {
  broker: Awaited<ReturnType<typeof openTestBroker>>;
  speaking: TestDatabase;
  hearing: TestDatabase;
  speaker: MessagingRuntime;
  hearer: MessagingRuntime;
  heardIds: string[] = [];
  /** What the hearer finds wrong with the broker. */
  drift: readonly string[] = [];
  /** What the hearer does with a fact. */
  onHeard: (body: RequestsHeldBody, heard: Heard) => Promise<void>;
  readonly #open: MessagingRuntime[] = [];

  async open(): Promise<void> {
    this.broker = await openTestBroker();
    await this.provision();
    [this.speaking, this.hearing] = await Promise.all([
      openTestDatabase(messageTables()),
      openTestDatabase(messageTables()),
    ]);
    await this.hearing.database.query(`create table effects (request_id uuid primary key)`);
  }

  async provision(): Promise<void> {
    const connection = await connect(this.broker.url);
    await provisionTopology(connection, ['intake', 'validation', 'audit']);
    await connection.close();
  }

  /** Stops both, and forgets what they did. */
  async clean(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((runtime) => runtime.close()));
    await this.hearing.database.query(
      'truncate effects, inbox, outbox, retries, dead_letters, redrive_runs cascade',
    );
    await this.speaking.database.query('truncate outbox, receipt_heads');
    await this.#empty([queueOf('intake'), queueOf('validation')]);
  }

  /** Copies that were published for want of a receipt would be new to an empty inbox. */
  async #empty(queues: readonly string[]): Promise<void> {
    const connection = await connect(this.broker.url);
    const channel = await connection.createChannel();
    for (const queue of queues) await channel.purgeQueue(queue);
    await connection.close();
  }

  async close(): Promise<void> {
    await Promise.all([this.speaking.drop(), this.hearing.drop()]);
    await this.broker.drop();
  }

  readonly start = async (): Promise<void> => {
    this.heardIds = [];
    this.onHeard = this.record;
    const silent = async (): Promise<void> => undefined;
    this.speaker = this.#runtime('validation', {
      ...this.speaking,
      says: [RequestsHeld, RequestsApproved],
      dispatch: silent,
    });
    this.hearer = this.#runtime('intake', {
      ...this.hearing,
      says: [SubmissionsReceived],
      dispatch: async (_, body, heard) => {
        this.heardIds.push(heard.envelope.id);
        await this.onHeard(body as RequestsHeldBody, heard);
      },
    });
    await eventually(() => !this.speaker.unreadiness() && !this.hearer.unreadiness());
  };

  #runtime(
    service: 'intake' | 'validation',
    its: Pick<TestDatabase, 'database'> & { says: FactContract[]; dispatch: Dispatch },
  ): MessagingRuntime {
    const runtime = new MessagingRuntime({
      service,
      says: its.says,
      brokerUrl: this.broker.url,
      database: its.database,
      log: quietLog,
      topology: async () => this.drift,
      settings: { receiptTimeoutMs: 400, receiptEveryMs: 20, topologyEveryMs: 100 },
    });
    runtime.start(its.dispatch);
    this.#open.push(runtime);
    return runtime;
  }

  readonly record = async (body: RequestsHeldBody, { tx }: Heard): Promise<void> => {
    const requestIds = body.requests.map((one) => one.requestId);
    await tx.execute(`insert into effects select unnest($1::uuid[])`, [requestIds]);
  };

  readonly say = (body: RequestsHeldBody, key?: string): Promise<string> =>
    this.speaker.work(async ({ outbox }) => outbox.add(RequestsHeld, body, { key }));

  /** Rows of a table of the hearer. */
  readonly count = async (table: string, where = 'true'): Promise<number> => {
    const [row] = await this.hearing.database.query<{ n: number }>(
      `select count(*)::int as n from ${table} where ${where}`,
    );
    return row!.n;
  };

  readonly publishRaw = async (
    content: Buffer,
    properties: object,
    key = queueOf('intake'),
  ): Promise<void> => {
    const connection = await connect(this.broker.url);
    const channel = await connection.createConfirmChannel();
    channel.publish('', key, content, properties);
    await channel.waitForConfirms();
    await connection.close();
  };
}

export const aHeldBody = (count: number, name = uuidV7()): RequestsHeldBody => ({
  submissionId: uuidV5(name, 'submission'),
  requests: Array.from({ length: count }, (_, place) => ({
    requestId: uuidV5(name, `request ${place}`),
    claimId: `C${place}`,
    billedCents: 100,
    allowedCents: 80,
    findings: [{ ruleId: 'amount.over-limit', ruleVersion: '1', message: 'over' }],
  })),
});

export const anEnvelopeOfHeld = (id = uuidV7()) => ({
  id,
  type: RequestsHeld.name,
  source: 'validation',
  subject: '',
  time: new Date().toISOString(),
  correlationId: id,
});
