/** What the payer does about a returned credit. */
export type ReturnStep =
  | 'freeze-account'
  | 'get-new-routing'
  | 'get-other-account'
  | 'hold-for-estate'
  | 'hold-for-compliance'
  | 'review-fraud'
  | 'retry-corrected'
  | 'retry-later'
  | 'contact-payee'
  | 'find-double-payment'
  | 'close-recall'
  | 'record-only'
  | 'follow-dispute'
  | 'no-retry'
  | 'ask-person';

export type ReturnMeaning = {
  readonly code: string;
  /** What it says, in our own words. */
  readonly meaning: string;
  readonly nextStep: ReturnStep;
  readonly isKnown: boolean;
};

/** What a return code means to a payer of credits; an unknown code goes to a person and is never dropped. */
export function returnCode(code: string): ReturnMeaning {
  const found = table.get(code);
  if (found !== undefined) return { code, meaning: found[0], nextStep: found[1], isKnown: true };
  return { code, meaning: 'A code that is not in the table.', nextStep: 'ask-person', isKnown: false };
}

const table: ReadonlyMap<string, readonly [string, ReturnStep]> = new Map<
  string,
  readonly [string, ReturnStep]
>([
  ['R01', ['The account does not hold enough money (debits).', 'retry-later']],
  ['R02', ['The account is closed.', 'freeze-account']],
  ['R03', ['There is no such account, or it has another name.', 'freeze-account']],
  ['R04', ['The account number can not be one of that bank.', 'freeze-account']],
  ['R05', ['A consumer did not allow a business debit.', 'no-retry']],
  ['R06', ['Sent back because we asked for it.', 'close-recall']],
  ['R07', ['The permission for debits was taken back.', 'no-retry']],
  ['R08', ['The account holder stopped the payment.', 'no-retry']],
  ['R09', ['The money in the account is not yet collected (debits).', 'retry-later']],
  ['R10', ['The account holder says it was not authorised.', 'no-retry']],
  ['R11', ['The account holder says it did not follow the authorisation.', 'no-retry']],
  ['R12', ['The branch was sold to another bank.', 'get-new-routing']],
  ['R13', ['That bank takes no ACH, or the routing number is wrong.', 'get-new-routing']],
  ['R14', ['The one who receives for the payee has died.', 'hold-for-estate']],
  ['R15', ['The payee or account holder has died.', 'hold-for-estate']],
  ['R16', ['The account is frozen or under sanctions.', 'hold-for-compliance']],
  ['R17', ['The bank could not post it, or suspects fraud.', 'review-fraud']],
  ['R18', ['The effective date was wrong.', 'retry-corrected']],
  ['R19', ['The amount was wrong in its form.', 'retry-corrected']],
  ['R20', ['The account takes no such payments.', 'get-other-account']],
  ['R21', ['The company id was wrong.', 'retry-corrected']],
  ['R22', ['The id of the receiver was wrong.', 'retry-corrected']],
  ['R23', ['The payee refused the credit.', 'contact-payee']],
  ['R24', ['The bank holds it for a duplicate.', 'find-double-payment']],
  ['R25', ['The addenda was wrong.', 'retry-corrected']],
  ['R26', ['A mandatory field was wrong.', 'retry-corrected']],
  ['R27', ['The trace number was wrong.', 'retry-corrected']],
  ['R28', ['The check digit of the routing number was wrong.', 'retry-corrected']],
  ['R29', ['A company says the debit was not authorised.', 'no-retry']],
  ['R30', ['The bank takes no part in check truncation.', 'no-retry']],
  ['R31', ['Sent back late, as agreed between the banks.', 'record-only']],
  ['R32', ['The receiving bank could not settle.', 'retry-later']],
  ['R33', ['A destroyed check was returned.', 'no-retry']],
  ['R34', ['The receiving bank may take part only in a limited way.', 'get-new-routing']],
  ['R35', ['A debit where none may be.', 'no-retry']],
  ['R36', ['A credit where none may be.', 'no-retry']],
  ['R37', ['The check behind it was also presented.', 'no-retry']],
  ['R38', ['Payment of the check behind it was stopped.', 'no-retry']],
  ['R39', ['The check behind it was not fit for this.', 'no-retry']],
  ['R40', ['A federal agency sends the enrolment back.', 'ask-person']],
  ['R41', ['The enrolment has a wrong transaction code.', 'ask-person']],
  ['R42', ['The enrolment has a wrong routing number.', 'ask-person']],
  ['R43', ['The enrolment has a wrong account number.', 'ask-person']],
  ['R44', ['The enrolment has a wrong id.', 'ask-person']],
  ['R45', ['The enrolment has a wrong name.', 'ask-person']],
  ['R46', ['The enrolment has a wrong representative indicator.', 'ask-person']],
  ['R47', ['The enrolment was sent twice.', 'ask-person']],
  ['R50', ['State law forbids it (represented checks).', 'no-retry']],
  ['R51', ['The represented check was not fit or not right.', 'no-retry']],
  ['R52', ['Payment of the represented check was stopped.', 'no-retry']],
  ['R53', ['The represented check was also presented on paper.', 'no-retry']],
  ['R61', ['We refuse the return: it went to the wrong bank.', 'follow-dispute']],
  ['R62', ['We refuse the return: it concerns an erroneous or reversed debit.', 'follow-dispute']],
  ['R67', ['We refuse the return: it came twice.', 'follow-dispute']],
  ['R68', ['We refuse the return: it came too late.', 'follow-dispute']],
  ['R69', ['We refuse the return: its fields are wrong.', 'follow-dispute']],
  ['R70', ['We refuse the return: we had not agreed to it.', 'follow-dispute']],
  ['R71', ['The bank says our refusal went to the wrong bank.', 'follow-dispute']],
  ['R72', ['The bank says our refusal came too late.', 'follow-dispute']],
  ['R73', ['The bank says its return came in time.', 'follow-dispute']],
  ['R74', ['The bank corrects its return.', 'follow-dispute']],
  ['R75', ['The bank says its return was no duplicate.', 'follow-dispute']],
  ['R76', ['The bank finds no error in its return.', 'follow-dispute']],
  ['R77', ['The bank does not accept our refusal.', 'follow-dispute']],
  ['R80', ['An international entry was coded wrongly.', 'no-retry']],
  ['R81', ['The bank takes no part in international entries.', 'no-retry']],
  ['R82', ['The foreign bank is named wrongly.', 'no-retry']],
  ['R83', ['The foreign bank could not settle.', 'no-retry']],
  ['R84', ['The gateway did not process it.', 'no-retry']],
  ['R85', ['An international entry was sent as a domestic one.', 'no-retry']],
]);
