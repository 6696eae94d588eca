/** What hinders the reading of a submission on our side; it is tried again by itself. */
export type Trouble = { readonly code: string; readonly message: string };

/** In words for people; what is not about the stored bytes is told without detail. */
export function troubleOf(error: unknown): Trouble {
  const code = String((error as { code?: unknown } | undefined)?.code);
  const known = sentences[code];
  return known === undefined
    ? { code: 'submission.interrupted', message: `Its reading was interrupted${ourFault}` }
    : { code, message: `${known}${ourFault}` };
}

const ourFault = ', which is a fault on our side: it is tried again by itself, do not send the file again.';

const sentences: Readonly<Record<string, string>> = {
  'raw-file.missing': 'The stored bytes of the file cannot be found',
  'raw-file.changed': 'The stored bytes of the file are not those that were received',
  'raw-file.unreadable': 'The stored bytes of the file cannot be read',
};
