/**
 * The servers that a nemesis run breaks. `open.mjs` opens one node of each (`single.mjs`); `cluster/open.mjs` exports
 * `openCluster(wanted: ServersWanted): Promise<NemesisServers>` for three RabbitMQ nodes.
 */
export type ServersWanted = {
  /** The folder of the run: data, logs, records. */
  readonly stateDir: string;
  /** Where unpacked packages are kept from run to run. */
  readonly cacheDir: string;
  /** Every process that is started is added here (and removed when it has ended): all of them end with the run. */
  readonly herd: Herd;
  readonly report: (step: string) => void;
};

export type Herd = { add(pid: number): void; remove(pid: number): void };

/** A server process that can be taken away and brought back. */
export type Breakable = {
  /** `rabbit`, `rabbit-2`, `postgres`: as it appears in reports. */
  readonly name: string;
  readonly alive: boolean;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM and a clean end; resolves when the process is gone. */
  terminate(): Promise<void>;
  /** Starts it again over the same data; resolves when it takes logins (a cluster's node: when it has joined again). */
  restart(): Promise<void>;
  /** SIGSTOP. */
  stop(): void;
  /** SIGCONT. */
  cont(): void;
};

export type BrokerNode = Breakable & {
  /** AMQP with an administrator's login, virtual host included; it may change with a restart. */
  readonly url: string;
  /** http://user:password@127.0.0.1:port of the management interface. */
  readonly managementUrl: string;
  /** rabbitmqctl on this node; gives its standard output, rejects when it fails. */
  ctl(args: readonly string[], timeoutMs?: number): Promise<string>;
};

export type Broker = {
  readonly version: string;
  /** One, or three of a cluster; services reach them through a proxy that takes the first that accepts. */
  readonly nodes: readonly BrokerNode[];
  /** What only a cluster can suffer. */
  readonly cluster?: {
    /** The node that leads a queue now; undefined when nobody does. */
    leaderOf(queue: string): Promise<BrokerNode | undefined>;
    /** Cuts a node's Erlang distribution from the others, without a word to its clients. */
    partition(node: BrokerNode): Promise<void>;
    /** Ends every partition; resolves when all nodes are one cluster again. */
    heal(): Promise<void>;
  };
};

export type Postgres = Breakable & {
  readonly version: string;
  /** A superuser's URL of the database `postgres`; it may change with a restart. */
  readonly adminUrl: string;
};

export type NemesisServers = {
  readonly rabbit: Broker;
  readonly postgres: Postgres;
  /** Ends everything; the state folder stays. */
  close(): Promise<void>;
};
