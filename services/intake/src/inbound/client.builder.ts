import type { Progress } from '../domain/progress.ts';
import type { FileFailure } from '../domain/request.ts';

export type Body = string | Buffer | ReadableStream;

export type Answer = {
  readonly status: number;
  readonly body: {
    readonly submissionId: string;
    readonly requestId: string;
    readonly bytes: number;
    readonly sha256?: string;
    readonly code?: string;
    readonly duplicateOf?: string;
    readonly failure?: FileFailure;
  };
};

/** Talks to intake as its users do. */
export class Client {
  constructor(private readonly url: string) {}

  async submit(body: Body, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#post('/submissions', body, headers);
  }

  async request(body: object, key?: string): Promise<Answer> {
    const keyed: Record<string, string> = key ? { 'idempotency-key': key } : {};
    return this.#post('/requests', JSON.stringify(body), { 'content-type': 'application/json', ...keyed });
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path)) as T;
  }

  async text(path: string): Promise<string> {
    return (await fetch(`${this.url}${path}`)).text();
  }

  progress(submissionId: string): Promise<Progress> {
    return this.get(`/submissions/${submissionId}`);
  }

  /** Progress once the submission is read to its end or has failed. */
  async finished(submissionId: string): Promise<Progress | undefined> {
    const told = await this.progress(submissionId);
    return told.status === 'parsed' || told.status === 'failed' ? told : undefined;
  }

  async #post(path: string, body: Body, headers: Record<string, string>): Promise<Answer> {
    const options = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
    const response = await fetch(`${this.url}${path}`, options);
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }
}
