import { describe, expect, it } from '@jest/globals';
import type { ConsumeMessage } from 'amqplib';
import { isMisaddressed } from './misaddressed.ts';

type Sent = { exchange: string; key: string; type?: string; from?: string; death?: object };

const arrived = ({ exchange, key, type, from, death }: Sent): ConsumeMessage =>
  ({
    fields: { exchange, routingKey: key },
    properties: { type, appId: from, headers: death ? { 'x-death': [death] } : {} },
  }) as unknown as ConsumeMessage;

const approved = 'requests.approved.v1';

describe('a message that says to be what its sender may not say', () => {
  it.each<[string, Sent, string, boolean]>([
    ['a fact under its own key', { exchange: 'facts', key: approved, type: approved }, 'payout', false],
    [
      'an approval under the key of a submission',
      { exchange: 'facts', key: 'requests.submitted.v1', type: approved },
      'payout',
      true,
    ],
    [
      'a redrive to this hearer',
      { exchange: 'again', key: `payout.${approved}`, type: approved },
      'payout',
      false,
    ],
    [
      'a redrive to another that reached this one',
      { exchange: 'again', key: `remittance.${approved}`, type: approved },
      'payout',
      true,
    ],
    [
      'a receipt in the sender’s name',
      { exchange: 'receipts', key: 'validation.payout', from: 'payout' },
      'validation.receipts',
      false,
    ],
    [
      'a receipt in another’s name',
      { exchange: 'receipts', key: 'validation.intake', from: 'payout' },
      'validation.receipts',
      true,
    ],
    [
      'a receipt of nobody we know',
      { exchange: 'receipts', key: 'validation.x', from: 'x' },
      'validation.receipts',
      true,
    ],
    [
      'something an administrator put there',
      { exchange: '', key: 'remitflow.payout', type: approved },
      'payout',
      false,
    ],
    [
      'a fact that was set aside',
      {
        exchange: 'dead',
        key: 'remitflow.payout.dead',
        type: approved,
        death: { exchange: 'remitflow.facts', 'routing-keys': [approved] },
      },
      'payout.dead',
      false,
    ],
    [
      'a forged fact that was set aside',
      {
        exchange: 'dead',
        key: 'remitflow.payout.dead',
        type: approved,
        death: { exchange: 'remitflow.facts', 'routing-keys': ['requests.submitted.v1', approved] },
      },
      'payout.dead',
      true,
    ],
    [
      'something an administrator set aside',
      { exchange: 'dead', key: 'remitflow.payout.dead', type: approved },
      'payout.dead',
      false,
    ],
  ])('%s', (_, sent, queue, misaddressed) => {
    const exchange = sent.exchange && `remitflow.${sent.exchange}`;
    expect(isMisaddressed(arrived({ ...sent, exchange }), `remitflow.${queue}`)).toBe(misaddressed);
  });
});
