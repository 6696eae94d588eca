import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

const declared = new WeakMap<IncomingMessage, string | undefined>();

/**
 * Lets the bodies of uploads through unread: the platform's JSON reader would take an application/json file whole.
 * Providers are made before the platform adds its readers, so this comes first.
 */
@Injectable()
export class RawBodies implements OnApplicationBootstrap {
  constructor(private readonly host: HttpAdapterHost) {
    host.httpAdapter.use('/submissions', leaveBodyUnread);
  }

  /** Node gives a whole request five minutes; a large file over a slow line takes longer. */
  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.requestTimeout = uploadTimeoutMs;
  }
}

const uploadTimeoutMs = 24 * 3_600_000;

/** What the sender declared, whether or not the body was left unread. */
export const declaredType = (request: IncomingMessage): string | undefined =>
  declared.has(request) ? declared.get(request) : request.headers['content-type'];

function leaveBodyUnread(request: IncomingMessage, _: ServerResponse, next: () => void): void {
  declared.set(request, request.headers['content-type']);
  if (request.method === 'POST') request.headers['content-type'] = 'application/octet-stream';
  next();
}
