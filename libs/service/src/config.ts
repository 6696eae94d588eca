import { BrokenInvariant } from '@remitflow/kernel';
import { crashPoints } from '@remitflow/messaging';
import { plainToInstance, Type } from 'class-transformer';
import {
  getMetadataStorage,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  validateSync,
} from 'class-validator';

/** What every service can be told from outside; each service adds its own knobs in its config.ts. */
export class ServiceConfig {
  /** PostgreSQL, with the login role of this service. */
  @Matches(/^postgres(ql)?:\/\//) databaseUrl: string;
  /** The same database with the migrator role; only `main.js migrate` needs it. */
  @IsOptional() @Matches(/^postgres(ql)?:\/\//) migratorDatabaseUrl?: string;
  /** RabbitMQ, with the login of this service; several nodes of one cluster are parted by commas. */
  @Matches(/^amqps?:\/\//) rabbitmqUrl: string;
  /** RabbitMQ's management interface, with a login that may only look; with it drifted bindings are seen. */
  @IsOptional() @Matches(/^https?:\/\//) rabbitmqManagementUrl?: string;
  /** What has no receipt after this is sent to its hearer again. */
  @Type(() => Number) @IsInt() @Min(100) receiptTimeoutMs = 60_000;
  /** How long the ids of messages are remembered; what is older goes to a person. */
  @Type(() => Number) @IsInt() @Min(1) @Max(120) inboxMonths = 13;
  /** Kept with messages that this release could not process. */
  @IsString() @MaxLength(80) release = 'unreleased';
  /** Fault tests alone: lets {@link crashAt} be set. */
  @IsIn(['yes', 'no']) faultsAllowed: 'yes' | 'no' = 'no';
  /** Fault tests alone: `<crash point>:<n>`, where the process ends itself. */
  @IsOptional() @Matches(new RegExp(`^(${crashPoints.join('|')}):[1-9]\\d*$`)) crashAt?: string;
  @IsString() @MinLength(1) host = '127.0.0.1';
  @Type(() => Number) @IsInt() @Min(0) @Max(65535) port = 0;
  @IsIn(['debug', 'info', 'warn', 'error', 'silent']) logLevel = 'info';
  /** Serves `/metrics` on a port of its own instead of on `port`; 0 is any free one. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(65535) metricsPort?: number;
  /** Where traces go (OTLP over HTTP); without it none are recorded. Names as OpenTelemetry has them. */
  @IsOptional() @Matches(/^https?:\/\//) otelExporterOtlpEndpoint?: string;
  /** Of the traces that begin here, how many are recorded: 0 to 1. */
  @Type(() => Number) @Min(0) @Max(1) otelTracesSamplerArg = 1;
}

export type ConfigClass<Config extends ServiceConfig = ServiceConfig> = new () => Config;

/**
 * Reads a config class from the environment: `databaseUrl` from DATABASE_URL. Throws `config.invalid` naming every
 * variable at fault and the rule it breaks, never a value.
 */
export function readConfig<Config extends ServiceConfig>(
  config: ConfigClass<Config>,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const given = propertiesOf(config)
    .map((property) => [property, environment[variableOf(property)]] as const)
    .filter(([, value]) => value !== undefined && value !== '');
  const instance = plainToInstance(config, Object.fromEntries(given), { exposeDefaultValues: true });
  const faults = validateSync(instance).flatMap((error) =>
    Object.values(error.constraints ?? {}).map((rule) => `${variableOf(error.property)}: ${rule}`),
  );
  if (faults.length > 0) {
    throw new BrokenInvariant('config.invalid', {}, { message: `config.invalid:\n  ${faults.join('\n  ')}` });
  }
  return instance;
}

/** `databaseUrl` → `DATABASE_URL`. */
export const variableOf = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const propertiesOf = (config: ConfigClass): string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(config, '', true, false)
      .map((metadata) => metadata.propertyName),
  ),
];
