import { describe, expect, it } from '@jest/globals';
import { checkEnvelope, readClaims, tolerantSeverities } from './index.ts';
import { all, isaOf, sourceOf } from './testing/fixtures.ts';

const marks = { element: '*', component: ':', segment: '~', repetition: '^' };
const isa = isaOf(marks);
const gs = 'GS*HC*S*R*20261122*0130*5*X*005010X222A1~';
const st = 'ST*837*0001*005010X222A1~';
const good = `${isa}${gs}${st}SE*2*0001~GE*1*5~IEA*1*000000007~`;

describe('the envelope', () => {
  it('is quiet about a good file', async () => {
    expect((await checkEnvelope(sourceOf(good))).problems).toEqual([]);
  });

  it.each([
    ['SE01', good.replace('SE*2', 'SE*3'), 'transaction.segment-count', 'SE', 1],
    ['SE01 that is no number', good.replace('SE*2', 'SE*two'), 'transaction.segment-count', 'SE', 1],
    ['SE02', good.replace('SE*2*0001', 'SE*2*0002'), 'transaction.control-number', 'SE', 2],
    [
      'ST03',
      good.replace('ST*837*0001*005010X222A1', 'ST*837*0001*005010X223A2'),
      'transaction.version',
      'ST',
      3,
    ],
    ['GE01', good.replace('GE*1', 'GE*2'), 'group.transaction-count', 'GE', 1],
    ['GE02', good.replace('GE*1*5', 'GE*1*6'), 'group.control-number', 'GE', 2],
    ['IEA01', good.replace('IEA*1', 'IEA*2'), 'interchange.group-count', 'IEA', 1],
    ['IEA02', good.replace('IEA*1*000000007', 'IEA*1*000000008'), 'interchange.control-number', 'IEA', 2],
    ['no SE', good.replace('SE*2*0001~', ''), 'segment.misplaced', 'GE', undefined],
    ['no GE', good.replace('GE*1*5~', ''), 'segment.misplaced', 'IEA', undefined],
    ['no GS', good.replace(gs, ''), 'segment.misplaced', 'ST', undefined],
    ['no ST', good.replace(st, ''), 'segment.misplaced', 'SE', undefined],
    ['no IEA', good.replace('IEA*1*000000007~', ''), 'file.premature-end', undefined, undefined],
    ['no GE and IEA', good.slice(0, good.indexOf('GE*')), 'file.premature-end', undefined, undefined],
    [
      'an ISA before the IEA',
      isa + good.replace('000000007', '000000008').replace('000000007', '000000008'),
      'segment.misplaced',
      'ISA',
      undefined,
    ],
    ['the same ISA13 twice', good + good, 'interchange.control-number-repeated', 'ISA', 13],
    ['a segment between SE and GE', good.replace('GE*1', 'N3*A~GE*1'), 'segment.misplaced', 'N3', undefined],
  ])('sees %s', async (_, text, code, segment, element) => {
    const { problems } = await checkEnvelope(sourceOf(text));
    const found = problems.find((problem) => problem.code === code);
    expect(found).toMatchObject({
      severity: 'reject-file',
      ...(segment && { segment }),
      ...(element && { element }),
    });
    expect(found!.message).toMatch(/^[A-Z].*\.$/);
    if (element) expect(text.slice(found!.byteOffset - 1)).toMatch(/^\*/);
  });

  it('says who a file was meant for', async () => {
    const { problems } = await checkEnvelope(sourceOf(good), { receiverIds: ['REMITFLOW'] });
    expect(problems).toMatchObject([
      { code: 'interchange.receiver', segment: 'ISA', element: 8, byteOffset: 54 },
    ]);
    expect((await checkEnvelope(sourceOf(good), { receiverIds: ['RECEIVER'] })).problems).toEqual([]);
  });

  it('costs what the caller says', async () => {
    const wrong = good.replace('SE*2', 'SE*3');
    const severities = { ...tolerantSeverities, 'transaction.no-claims': 'reject-transaction' } as const;
    const events = await all(readClaims(sourceOf(wrong), { severities }));
    expect(events.flatMap((event) => (event.kind === 'problem' ? [event.severity] : []))).toEqual([
      'reject-transaction',
      'warn',
    ]);
  });

  it('counts', async () => {
    const twice = good + good.replaceAll('000000007', '000000008');
    const { counts } = await checkEnvelope(sourceOf(twice));
    expect(counts).toEqual({
      interchanges: 2,
      groups: 2,
      transactions: 2,
      segments: 12,
      bytes: twice.length,
    });
  });

  it.each([
    [
      '835',
      'GS*HP*S*R*20261122*0130*5*X*005010X221A1~',
      'ST*835*0001~',
      'transaction.type',
      /remittance \(835\)/,
    ],
    ['837D', gs.replace('X222A1', 'X224A2'), st.replace('X222A1', 'X224A2'), 'transaction.type', /dental/],
    [
      '4010',
      gs.replace('005010X222A1', '004010X098A1'),
      'ST*837*0001~',
      'transaction.implementation',
      /004010X098A1/,
    ],
  ])('refuses %s with what was expected', async (_, group, set, code, words) => {
    const events = await all(readClaims(sourceOf(good.replace(gs, group).replace(st, set))));
    const problems = events.flatMap((event) => (event.kind === 'problem' ? [event.problem] : []));
    expect(problems).toMatchObject([
      { code, severity: 'reject-file', segment: 'ST', message: expect.stringMatching(words) },
    ]);
  });
});
