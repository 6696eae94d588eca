import { ServiceConfig } from '@remitflow/service';
import { Type } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';

/** Everything validation can be told from outside. */
export class ValidationConfig extends ServiceConfig {
  /** payout's public key (base64 of SPKI DER): account numbers travel sealed for it alone. */
  @Matches(/^[A-Za-z0-9+/]{40,}={0,2}$/) sealPublicKey: string;
  /** Keys that account numbers are encrypted with at rest, `id:base64` of 32 bytes, the first one for writing. */
  @Matches(/^\w{1,16}:[A-Za-z0-9+/]{43}=(,\w{1,16}:[A-Za-z0-9+/]{43}=)*$/) accountKeys: string;
  /** Key (base64) of the digest that account numbers are compared by. It cannot be rotated. */
  @Matches(/^[A-Za-z0-9+/]{43,}={0,2}$/) accountIndexKey: string;
  /** More than this billed, and a person has to approve. */
  @Type(() => Number) @IsInt() @Min(0) reviewOverCents = 1_000_000;
  /** How long bills are remembered after their services, at the least; a claim that is still taken is always checked. */
  @Type(() => Number) @IsInt() @Min(1) @Max(1200) billHistoryMonths = 120;
}
