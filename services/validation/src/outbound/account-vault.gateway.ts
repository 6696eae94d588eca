import { blindIndex, FieldCipher, seal, uuidV5 } from '@remitflow/kernel';
import type { PayeeRegistration } from '../domain/payee-registration.ts';
import type { ProtectedAccount } from '../domain/registered-payee.ts';

export type VaultKeys = {
  readonly accountKeys: string;
  readonly accountIndexKey: string;
  readonly sealPublicKey: string;
};

/** The one place that turns account numbers into what may be stored or said, and never back for anybody else. */
export class AccountVault {
  readonly #cipher: FieldCipher;
  readonly #keys: VaultKeys;

  constructor(keys: VaultKeys) {
    this.#cipher = new FieldCipher(keys.accountKeys);
    this.#keys = keys;
  }

  protect(
    payeeId: string,
    { routingNumber, accountNumber, accountType }: PayeeRegistration,
  ): ProtectedAccount {
    const text = `${routingNumber}/${accountNumber}/${accountType}`;
    const numberIndex = blindIndex(text, this.#keys.accountIndexKey);
    const accountId = uuidV5(payeeId, `account/${numberIndex}`);
    return {
      accountId,
      routingNumber,
      accountType,
      numberEncrypted: this.#cipher.encrypt(accountNumber, contextOf(accountId)),
      numberIndex,
      lastDigits: lastDigitsOf(accountNumber),
    };
  }

  /** The number in a sealed box for payout, bound to the account. */
  seal(account: { accountId: string; numberEncrypted: string }): string {
    const number = this.#cipher.decrypt(account.numberEncrypted, contextOf(account.accountId));
    return seal(number, this.#keys.sealPublicKey, account.accountId);
  }
}

const contextOf = (accountId: string): string => `accounts.number_encrypted/${accountId}`;

/** The last four digits, but never more than half of a short number. */
function lastDigitsOf(number: string): string {
  const shown = Math.min(4, Math.floor(number.length / 2));
  return shown === 0 ? '*' : number.slice(-shown);
}
