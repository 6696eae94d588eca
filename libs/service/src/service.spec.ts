import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Min } from 'class-validator';
import { readConfig, ServiceConfig, variableOf } from './config.ts';
import { Job } from './job.ts';

class PayoutLikeConfig extends ServiceConfig {
  @Type(() => Number) @IsInt() @Min(1) reviewOverCents = 100;
  @IsOptional() cutOff?: string;
}

const servers = { DATABASE_URL: 'postgres://x', RABBITMQ_URL: 'amqp://x' };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the config', () => {
  it('reads what it knows, turns text into numbers, and keeps defaults', () => {
    const config = readConfig(PayoutLikeConfig, {
      ...servers,
      REVIEW_OVER_CENTS: '250',
      PORT: '',
      OTHER: 'x',
    });
    expect(config).toMatchObject({
      reviewOverCents: 250,
      port: 0,
      host: '127.0.0.1',
      databaseUrl: 'postgres://x',
    });
    expect(config).not.toHaveProperty('other');
    expect(variableOf('reviewOverCents')).toBe('REVIEW_OVER_CENTS');
  });

  it('names every variable at fault and never its value', () => {
    const read = () =>
      readConfig(PayoutLikeConfig, { DATABASE_URL: 'secret-value', REVIEW_OVER_CENTS: 'many' });
    expect(read).toThrow(/REVIEW_OVER_CENTS[\s\S]*DATABASE_URL/);
    expect(read).toThrow(/RABBITMQ_URL/);
    expect(read).not.toThrow(/secret-value/);
  });
});

describe('a job', () => {
  it('goes on at once while there is more, and rests until it is woken', async () => {
    let rounds = 0;
    let rested: () => void;
    const resting = new Promise<void>((resolve) => (rested = resolve));
    const job = new Job({ name: 'j', everyMs: 60_000, log: quiet }, async () => {
      rounds += 1;
      if (rounds === 3) rested();
      return rounds < 3;
    });
    job.start();
    await resting;
    const wokenAt = rounds;
    await new Promise((resolve) => setImmediate(resolve));
    job.wake();
    await new Promise<void>((resolve) => {
      const look = (): void => (rounds > wokenAt ? resolve() : void setImmediate(look));
      look();
    });
    await job.close();
    expect(rounds).toBe(4);
  });

  it('outlives a round that fails, and lets the one under way see that it ends', async () => {
    let sawSignal = false;
    let failed = false;
    const log = { ...quiet, error: () => (failed = true) };
    const job = new Job({ name: 'j', everyMs: 1, log }, async (signal) => {
      if (!failed) throw new Error('once');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      sawSignal = signal.aborted;
      return false;
    });
    job.start();
    await new Promise<void>((resolve) => {
      const look = (): void => (failed ? resolve() : void setImmediate(look));
      look();
    });
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // the first back-off is at most a second
    await job.close();
    expect(sawSignal).toBe(true);
  });
});
