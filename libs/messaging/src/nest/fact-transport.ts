import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { BrokenInvariant } from '@remitflow/kernel';
import type { FactContract } from '@remitflow/contracts';
import { lastValueFrom, throwError, type Observable } from 'rxjs';
import type { MessagingRuntime } from '../runtime.ts';
import type { Heard } from '../core/unit.ts';
import { everyFact } from './hears.ts';

/**
 * Our message runtime as a transport of Nest: handlers stay ordinary message handlers with pipes, guards and
 * interceptors; delivery, duplicates, transactions and retries are the runtime's.
 */
export class FactTransport extends Server implements CustomTransportStrategy {
  readonly #runtime: MessagingRuntime;
  readonly #hears: readonly FactContract[];

  constructor(runtime: MessagingRuntime, hears: readonly FactContract[]) {
    super();
    this.#runtime = runtime;
    this.#hears = hears;
  }

  listen(callback: (error?: unknown) => void): void {
    for (const contract of this.#hears) {
      if (!this.#handlerOf(contract))
        throw new BrokenInvariant('messaging.no-handler', { fact: contract.name });
    }
    this.#runtime.start((contract, body, heard) => this.#dispatch(contract, body, heard));
    callback();
  }

  close(): Promise<void> {
    return this.#runtime.close();
  }

  on(): void {
    throw new BrokenInvariant('messaging.no-events');
  }

  unwrap<T>(): T {
    return this.#runtime as T;
  }

  async #dispatch(contract: FactContract, body: object, heard: Heard): Promise<void> {
    const handler = this.#handlerOf(contract);
    if (!handler) throw new BrokenInvariant('messaging.no-handler', { fact: contract.name });
    const result: unknown = await handler(body, heard);
    await lastValueFrom(this.transformToObservable(result) as Observable<unknown>, {
      defaultValue: undefined,
    });
  }

  #handlerOf(contract: FactContract) {
    return this.messageHandlers.get(contract.name) ?? this.messageHandlers.get(everyFact);
  }
}

/** Nest's own filter replaces the error by "Internal server error"; the runtime has to see what it was. */
@Catch()
export class PassErrorsOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
