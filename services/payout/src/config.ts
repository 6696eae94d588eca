import { ServiceConfig } from '@remitflow/service';
import { IsOptional, IsString, Length, Matches, MinLength } from 'class-validator';

/** Everything payout can be told from outside; what names the payer and its bank is set for a demonstration. */
export class PayoutConfig extends ServiceConfig {
  /** Opens the account numbers that validation seals: base64 of an X25519 key (PKCS 8). */
  @IsString() @MinLength(40) sealPrivateKey: string;
  /** Encrypts account numbers at rest: `id:base64`, the first in use for writing. */
  @Matches(/^\w{1,16}:/) accountKeys: string;
  /** Where the bank picks files up, and where it leaves its answers. */
  @IsString() @MinLength(1) railOutboxDir = '.remitflow/rail/outbox';
  @IsString() @MinLength(1) railInboxDir = '.remitflow/rail/inbox';
  /** HH:MM in New York, on banking days; `off` closes by command alone. */
  @Matches(/^(([01]\d|2[0-3]):[0-5]\d|off)$/) cutOff = '16:00';
  @Length(1, 60) payerName = 'REMITFLOW HEALTH PLAN';
  @Matches(/^\d{9}$/) payerTaxId = '841234567';
  @Matches(/^\d{9}$/) odfiRouting = '091000019';
  @Length(1, 23) odfiName = 'DEMO ORIGINATING BANK';
  /** Routing number of the bank that gets the file; the originating bank unless told otherwise. */
  @IsOptional() @Matches(/^\d{9}$/) immediateDestination?: string;
  /** Ten characters that the bank gave out; 1 and the payer's tax id unless told otherwise. */
  @IsOptional() @Matches(/^([0-9A-Z]{10}| \d{9})$/) immediateOrigin?: string;
}
