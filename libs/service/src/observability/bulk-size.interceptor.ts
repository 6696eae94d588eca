import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { findFact } from '@remitflow/contracts';
import type { Heard } from '@remitflow/messaging';
import type { Observable } from 'rxjs';
import type { Traces } from './traces.ts';

/** Notes how many items a bulk message brings to its handler. */
export class BulkSizeInterceptor implements NestInterceptor {
  readonly #traces: Traces;

  constructor(traces: Traces) {
    this.#traces = traces;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const rpc = context.switchToRpc();
    const { envelope } = rpc.getContext<Heard>();
    const list = findFact(envelope.type)?.items;
    const items = list && rpc.getData<Record<string, unknown>>()[list];
    if (Array.isArray(items)) this.#traces.noteItems(items.length);
    return next.handle();
  }
}
