import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Claim } from './messages.ts';

@Entity()
export class Request {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column() fileName: string;
  @Index() @Column() claimId: string;
  @Column('bigint') billedCents: number;
  @Column() status: string;
  @Column('jsonb', { nullable: true }) findings: string[] | null;
  @Column('bigint', { nullable: true }) paidCents: number | null;
  @CreateDateColumn() submittedAt: Date;
}

@Entity()
export class Payee {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ unique: true }) npi: string;
  @Column() taxId: string;
  @Column() name: string;
  @Column('int') basisPoints: number;
}

@Entity()
export class Bill {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ unique: true }) billKey: string;
  @Column('uuid') requestId: string;
}

@Entity()
export class Decision {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid', { unique: true }) requestId: string;
  @Column() claimId: string;
  @Column() outcome: string;
  @Column('uuid', { nullable: true }) payeeId: string | null;
  @Column('bigint') billedCents: number;
  @Column('bigint') paidCents: number;
  @Column('jsonb') findings: string[];
  @Column('jsonb') lines: object[];
  @CreateDateColumn() decidedAt: Date;
}

@Entity()
export class Payable {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid', { unique: true }) requestId: string;
  @Index() @Column('uuid') payeeId: string;
  @Column('bigint') amountCents: number;
  @Index() @Column('uuid', { nullable: true }) paymentId: string | null;
}

@Entity()
export class LedgerTransfer {
  @PrimaryGeneratedColumn('increment', { type: 'bigint' }) id: string;
  @Column() kind: string;
  @Column('uuid') aboutId: string;
  @Column() debitAccount: string;
  @Column() creditAccount: string;
  @Column('bigint') amountCents: number;
  @CreateDateColumn() bookedAt: Date;
}

@Entity()
export class Payment {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid') payeeId: string;
  @Column('bigint') amountCents: number;
  @Column('int') requestCount: number;
  @Column() trace: string;
}

@Entity()
export class DecidedRequest {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid', { unique: true }) requestId: string;
  @Column('uuid') payeeId: string;
  @Column() isDenied: boolean;
  @Column('jsonb') claim: Claim;
}

@Entity()
export class ScheduledRequest {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid') requestId: string;
  @Index() @Column('uuid') paymentId: string;
  @Column('bigint') amountCents: number;
}

@Entity()
export class RemittedRequest {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid') requestId: string;
  @Index() @Column('uuid') paymentId: string;
  @Column('bigint') paidCents: number;
}

@Entity()
export class AuditEvent {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column() type: string;
  @Index() @Column('uuid') subject: string;
  @Column('jsonb') body: object;
  @CreateDateColumn() recordedAt: Date;
}
