import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Metrics } from './metrics.ts';
import type { Traces } from './traces.ts';

const waits = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];
/** What machines ask every few seconds is counted, and not traced. */
const machinePaths = /^\/(?:health\/|metrics$)/;
const unmatched = '/unmatched';

/** Times every HTTP request by its route, never by its path, and lets it be part of its caller's trace. */
export function watchRequests(metrics: Metrics, traces: Traces): RequestHandler {
  const durations = metrics.spread(
    {
      name: 'http_server_request_duration_seconds',
      help: 'HTTP requests by route and status, until the last byte of the answer has left.',
      labels: ['http_request_method', 'http_route', 'http_response_status_code'],
    },
    waits,
  );
  return (request: Request, response: Response, next: NextFunction): void => {
    const since = performance.now();
    const context = { method: request.method, traceParent: request.get('traceparent') };
    const ended = machinePaths.test(request.path) ? void next() : traces.request(context, next);
    response.once('close', () => {
      const done = { route: routeOf(request), status: response.statusCode };
      ended?.(done);
      durations.record((performance.now() - since) / 1000, {
        http_request_method: request.method,
        http_route: done.route,
        http_response_status_code: String(done.status),
      });
    });
  };
}

const routeOf = (request: Request): string => {
  const { path } = (request.route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : unmatched;
};
