import { loopback } from '../machine/ports.ts';

export type RabbitPorts = {
  readonly amqp: number;
  readonly management: number;
  readonly prometheus: number;
  readonly distribution: number;
  readonly epmd: number;
};

export type RabbitLogin = { readonly user: string; readonly password: string; readonly host: string };

/** rabbitmq.conf of a private node: everything on loopback, one user made at the first boot. */
export function rabbitConfiguration(ports: RabbitPorts, login: RabbitLogin): string {
  return [
    `listeners.tcp.1 = ${loopback}:${ports.amqp}`,
    `management.tcp.ip = ${loopback}`,
    `management.tcp.port = ${ports.management}`,
    `prometheus.tcp.ip = ${loopback}`,
    `prometheus.tcp.port = ${ports.prometheus}`,
    `default_user = ${login.user}`,
    `default_pass = ${login.password}`,
    `default_vhost = ${login.host}`,
    'disk_free_limit.absolute = 200MB',
    'vm_memory_high_watermark.absolute = 1GB',
    'collect_statistics_interval = 5000',
    'log.console = true',
    'log.console.level = info',
    'log.file = false',
    '',
  ].join('\n');
}

export const enabledPlugins = '[rabbitmq_management,rabbitmq_prometheus].\n';

/** Erlang's flags: the node is reached over loopback alone, and idle schedulers do not burn a small machine's cores. */
export function erlangArguments(): string {
  return '-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none';
}
