import type { PayeeRegistration } from '../domain/payee-registration.ts';
import {
  contractIdOf,
  isNews,
  payeeIdOf,
  type PayeeToStore,
  type ProtectedAccount,
  type StoredPayee,
} from '../domain/registered-payee.ts';
import { sayPayeesChanged, type Needs as SayingNeeds } from './say-payees-changed.ts';

export type Needs = SayingNeeds & {
  registry: {
    hold(payees: readonly PayeeToStore[]): Promise<ReadonlyMap<string, StoredPayee>>;
    write(payees: readonly PayeeToStore[]): Promise<void>;
  };
  vault: { protect(payeeId: string, registration: PayeeRegistration): ProtectedAccount };
};

/** Registers payees of different NPIs; one that is on file as registered is left alone. Gives how many changed. */
export async function registerPayees(
  needs: Needs,
  registrations: readonly PayeeRegistration[],
): Promise<number> {
  if (registrations.length === 0) return 0;
  const wanted = registrations.map((registration) => toStore(needs.vault, registration));
  const stored = await needs.registry.hold(wanted);
  const news = wanted.filter((payee) => isNews(payee, stored.get(payee.payeeId)!));
  if (news.length === 0) return 0;
  await needs.registry.write(news);
  await sayPayeesChanged(
    needs,
    news.map(({ payeeId }) => payeeId),
  );
  return news.length;
}

function toStore(vault: Needs['vault'], registration: PayeeRegistration): PayeeToStore {
  const { npi, taxId, name, address, contractFrom, contractTo, terms } = registration;
  const payeeId = payeeIdOf(npi);
  const account = vault.protect(payeeId, registration);
  const contractId = contractIdOf(payeeId, registration);
  return { payeeId, npi, taxId, name, address, contractId, contractFrom, contractTo, terms, account };
}
