/** The services that may say or hear a fact. */
export const serviceNames = ['intake', 'validation', 'payout', 'remittance', 'audit'] as const;
export type ServiceName = (typeof serviceNames)[number];
