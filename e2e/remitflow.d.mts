// eslint-disable-next-line @typescript-eslint/no-explicit-any -- documents are whatever the command printed
export type Document = any;

export type Ran = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly document: Document;
};

export type Remitflow = {
  readonly root: string;
  readonly stateDir: string;
  run(...args: string[]): Promise<Ran>;
  must(...args: string[]): Promise<Document>;
};

export function openRemitflow(stateDir: string, environment?: NodeJS.ProcessEnv): Remitflow;

export function eventually<T>(look: () => Promise<T> | T, timeoutMs?: number): Promise<NonNullable<T>>;
