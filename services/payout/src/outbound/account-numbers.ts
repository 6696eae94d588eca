import { FieldCipher, openSeal } from '@remitflow/kernel';

/** Account numbers, readable only here: sealed on the way in, encrypted at rest, bound to what they belong to. */
export class AccountNumbers {
  readonly #privateKey: string;
  readonly #cipher: FieldCipher;

  constructor(keys: { sealPrivateKey: string; accountKeys: string }) {
    this.#privateKey = keys.sealPrivateKey;
    this.#cipher = new FieldCipher(keys.accountKeys);
  }

  open(accountId: string, sealed: string): string {
    return openSeal(sealed, this.#privateKey, accountId);
  }

  encrypt(accountId: string, number: string): string {
    return this.#cipher.encrypt(number, `payout.account/${accountId}`);
  }

  decrypt(accountId: string, encrypted: string): string {
    return this.#cipher.decrypt(encrypted, `payout.account/${accountId}`);
  }
}
