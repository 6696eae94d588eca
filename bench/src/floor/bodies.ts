import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { decidedRequest, submittedRequest } from '../solo/requests.ts';
import { bulk, idsOf } from './part.ts';

export type Fact = 'submitted' | 'approved' | 'scheduled' | 'posted';

const submissionId = '01a20238-4f89-8cf2-a834-419f00000000';
const requestIds = idsOf({ submissionId, from: 1, count: bulk });
const each = (one: (requestId: string, place: number) => object): object => requestIds.map(one);

/** Made once, as large as the product's: the floor turns no object into text, and none back. */
export const bodies: Readonly<Record<Fact, { readonly body: Buffer; readonly digest: Buffer }>> = {
  submitted: encoded(each((requestId, place) => ({ ...submittedRequest(place), requestId }))),
  approved: encoded(each((requestId, place) => ({ ...decidedRequest(place), requestId }))),
  scheduled: encoded(
    each((requestId, place) => ({
      requestId,
      paymentId: submissionId,
      payeeId: submissionId,
      amountCents: 11_600 + place,
    })),
  ),
  posted: encoded(
    each((requestId, place) => ({ requestId, paidCents: 11_600 + place, byteOffset: place * 700 })),
  ),
};

function encoded(value: object): { body: Buffer; digest: Buffer } {
  const text = Buffer.from(JSON.stringify(value));
  return { body: deflateSync(text, { level: 1 }), digest: createHash('sha256').update(text).digest() };
}
