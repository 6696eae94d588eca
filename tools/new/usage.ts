/** A mistake of the person at the keyboard, worded for them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `npm run new -- <what> …     makes a new part in the right shape; nothing that exists is overwritten

  service <name>                             a service of the one shape, with one example of each part
  use-case <service> <verb-noun>             use-cases/<verb-noun>.ts and its spec
  fact <nouns.verbed> <speaker> <hearers>    a contract with its golden sample; hearers with commas, audit by itself
  migration <service> <what-it-does>         the next numbered SQL file

  --help                                     this text

for example
  npm run new -- use-case payout release-held-payment
  npm run new -- fact payouts.released payout intake,remittance
  npm run new -- migration payout add-release-note
`;
