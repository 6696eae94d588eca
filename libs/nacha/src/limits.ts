/** $99,999,999.99: what ten digits of cents hold. */
export const entryAmountCentsMax = 9_999_999_999;

/** $9,999,999,999.99: what a batch or a file may hold on each side. */
export const sideTotalCentsMax = 999_999_999_999;

/** Entries and addenda of one batch: what six digits hold. */
export const batchEntryAndAddendaMax = 999_999;

/** Entries and addenda of one file: what eight digits hold. */
export const fileEntryAndAddendaMax = 99_999_999;

/** Addenda of one CTX entry. */
export const ctxAddendaMax = 9_999;

/** Records of one block. */
export const blockingFactor = 10;

/** Entry hashes keep their last ten digits. */
export const entryHashModulus = 10_000_000_000;
