import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { strictest } from './ach-problem.ts';
import { aPayment, aPaymentFile } from './payment-file.builder.ts';
import { readAch, validateAch } from './read-ach.ts';
import { readReturns } from './read-returns.ts';
import { abaCheckDigit } from './routing-number.ts';
import { parseTrnAddenda } from './trn-addenda.ts';
import { writeAchFile } from './write-ach-file.ts';
import { traceNumber, writePaymentFile, type PaymentEntry } from './write-payment-file.ts';
import { writeNoticeFile, writeReturnFile } from './write-return-file.ts';

const bytesOf = (pieces: Iterable<string>): Buffer => Buffer.from([...pieces].join(''), 'latin1');

const aRouting = fc
  .tuple(fc.constantFrom('01', '12', '21', '32', '61', '72', '80'), fc.nat({ max: 999_999 }))
  .map(([district, rest]) => district + String(rest).padStart(6, '0'))
  .map((eight) => eight + abaCheckDigit(eight));

const payments: fc.Arbitrary<PaymentEntry[]> = fc
  .array(
    fc.record({
      routing: aRouting,
      account: fc.stringMatching(/^[0-9A-Za-z-]{0,15}[1-9]$/),
      accountType: fc.constantFrom('checking' as const, 'savings' as const),
      amountCents: fc.integer({ min: 1, max: 9_999_999_999 }),
      payeeId: fc.stringMatching(/^[0-9A-Z]{0,15}$/),
      payeeName: fc.stringMatching(/^[A-Z][A-Z &.]{0,20}[A-Z]$/),
      trnReference: fc.stringMatching(/^[0-9A-Z]{1,30}$/),
      payerTin: fc.stringMatching(/^\d{9}$/),
      skipped: fc.nat({ max: 50 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((drawn) => {
    let sequence = 0;
    return drawn.map(({ skipped, ...payment }) => {
      sequence += 1 + skipped;
      return { ...payment, traceNumber: traceNumber('121042882', sequence) };
    });
  });

describe('what is written', () => {
  it('is read back, payment by payment, without a warning', async () => {
    await fc.assert(
      fc.asyncProperty(payments, async (given) => {
        const read: PaymentEntry[] = [];
        for await (const event of readAch(bytesOf(writePaymentFile(aPaymentFile({ payments: given }))), {
          severities: strictest,
        })) {
          expect(event.kind).not.toBe('problem');
          if (event.kind !== 'entry') continue;
          const { entry } = event;
          const [addenda] = entry.addenda;
          const trn = addenda?.kind === 'payment' && parseTrnAddenda(addenda.values.paymentInformation);
          read.push({
            routing: entry.routing,
            account: entry.account,
            accountType: entry.transactionCode === '22' ? 'checking' : 'savings',
            amountCents: entry.amountCents,
            payeeId: entry.receiverId,
            payeeName: entry.receiverName,
            traceNumber: entry.traceNumber,
            trnReference: (trn && trn.reference) || '',
            payerTin: (trn && trn.payerTin) || '',
          });
        }
        expect(read).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  it('adds up by the formulas of the rulebook, counted another way', () => {
    fc.assert(
      fc.property(payments, (given) => {
        const lines = [...writePaymentFile(aPaymentFile({ payments: given }))]
          .join('')
          .split('\n')
          .slice(0, -1);
        const hash =
          given.reduce((sum, { routing }) => sum + BigInt(routing.slice(0, 8)), 0n) % 10_000_000_000n;
        const credits = given.reduce((sum, { amountCents }) => sum + BigInt(amountCents), 0n);
        const sums = String(hash).padStart(10, '0') + '0'.repeat(12) + String(credits).padStart(12, '0');
        const count = given.length * 2;
        const blocks = Math.ceil((count + 4) / 10);
        expect(lines).toHaveLength(blocks * 10);
        expect(lines.every((line) => line.length === 94)).toBe(true);
        expect(lines[count + 2]!.slice(0, 44)).toBe(`8220${String(count).padStart(6, '0')}${sums}`);
        expect(lines[count + 3]!.slice(0, 55)).toBe(
          `9000001${String(blocks).padStart(6, '0')}${String(count).padStart(8, '0')}${sums}`,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is the same bytes for the same input', () => {
    fc.assert(
      fc.property(payments, (given) => {
        const file = aPaymentFile({ payments: given });
        expect(bytesOf(writePaymentFile(file)).equals(bytesOf(writePaymentFile(file)))).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('keeps the last ten digits of a hash that grows longer', async () => {
    const many = Array.from({ length: 140 }, (_, n) =>
      aPayment({ routing: '800000006', traceNumber: traceNumber('121042882', n + 1) }),
    );
    const summary = await validateAch(bytesOf(writePaymentFile(aPaymentFile({ payments: many }))));
    expect(summary).toMatchObject({ valid: true, entryHash: 140 * 80_000_000 - 10_000_000_000 });
  });

  it('becomes several batches when one would count more than 999,999 entries and addenda', () => {
    const records = Array.from({ length: 10_000 }, () => 'x');
    const entries = Array.from({ length: 150 }, () => ({
      records,
      receivingBank: '02100002',
      debitsCents: 0,
      creditsCents: 1,
    }));
    const header = {
      serviceClass: '220',
      companyName: 'A',
      discretionaryData: '',
      companyId: '1123456789',
      secCode: 'CTX',
      entryDescription: 'A',
      descriptiveDate: '',
      effectiveDate: '261124',
      settlementDate: '',
      originatorStatus: '1',
      odfi: '12104288',
    };
    const controls: string[] = [];
    for (const piece of writeAchFile('1', [{ header, entries }], 7)) {
      controls.push(...piece.split('\n').filter((line) => /^[89]\d/.test(line) && !/^99/.test(line)));
    }
    expect(controls.map((line) => line.slice(0, 10) + line.slice(-7))).toEqual([
      '82209900000000007',
      '82205100000000008',
      '9000002150' + '       ',
    ]);
  });

  it('is refused when a side of the file is more than it can say', () => {
    const many = Array.from({ length: 101 }, (_, n) =>
      aPayment({ amountCents: 9_999_999_999, traceNumber: traceNumber('121042882', n + 1) }),
    );
    expect(() => bytesOf(writePaymentFile(aPaymentFile({ payments: many })))).toThrow('nacha.file-too-large');
    expect(() => bytesOf(writePaymentFile(aPaymentFile({ payments: many.slice(0, 100) })))).not.toThrow();
  });
});

describe('what a bank answers', () => {
  const about = {
    ...aPaymentFile(),
    entryDescription: 'HCCLAIMPMT',
    odfiRouting: '021000021',
    originatingRouting: '121042882',
  };
  const answered = {
    traceNumber: '021000020000001',
    originalTrace: '121042880000001',
    originalRouting: '231380104',
    account: '1234567',
    accountType: 'checking' as const,
    receiverId: 'PAYEE-1',
    receiverName: 'DR JANE ROE',
  };

  it('returns with its code, trace and amount', async () => {
    const entries = [
      { ...answered, code: 'R03', amountCents: 5_00 },
      { ...answered, traceNumber: '021000020000002', code: 'R14', amountCents: 7, dateOfDeath: '261101' },
    ];
    const file = bytesOf(writeReturnFile({ ...about, secCode: 'CCD', entries }));
    const { items, problems } = await readReturns(file, { severities: strictest });
    expect(problems).toEqual([]);
    expect(items).toMatchObject([
      {
        kind: 'return',
        code: 'R03',
        originalTrace: '121042880000001',
        amountCents: 5_00,
        originalBank: '23138010',
      },
      { kind: 'return', code: 'R14', dateOfDeath: '261101', meaning: { nextStep: 'hold-for-estate' } },
    ]);
  });

  it('asks for a change with corrected data', async () => {
    const entries = [{ ...answered, changeCode: 'C01', corrected: { account: '7654321' } }];
    const { items, problems } = await readReturns(bytesOf(writeNoticeFile({ ...about, entries })), {
      severities: strictest,
    });
    expect(problems).toEqual([]);
    expect(items).toMatchObject([
      {
        kind: 'notice',
        changeCode: 'C01',
        corrected: { account: '7654321' },
        originalTrace: '121042880000001',
      },
    ]);
  });
});
