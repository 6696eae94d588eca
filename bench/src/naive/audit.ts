import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload, RmqContext } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { AuditEvent } from './entities.ts';
import { hearers } from './messages.ts';
import { acknowledged } from './wiring.ts';

type About = { requestId?: string; paymentId?: string };

/** Keeps every event; unlike the product's, nothing proves that none was changed. */
@Controller()
export class Audit {
  constructor(@Inject(DataSource) private readonly database: DataSource) {}

  @EventPattern(Object.keys(hearers))
  heard(@Payload() body: About, @Ctx() context: RmqContext): Promise<void> {
    const subject = (body.requestId ?? body.paymentId)!;
    return acknowledged(context, () =>
      this.database.getRepository(AuditEvent).save({ type: context.getPattern(), subject, body }),
    );
  }
}
