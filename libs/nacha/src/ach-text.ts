/**
 * A name as a Nacha file can carry it: upper case, accents and typographic marks taken off, blanks collapsed,
 * whatever else is not printable ASCII left out. Cut to `truncateTo` characters only when that is given.
 */
export function achText(text: string, truncateTo?: number): string {
  const plain = text
    .replace(/[‘’‚′]/g, "'")
    .replace(/[“”„″]/g, '"')
    .replace(/[‐-―−]/g, '-')
    .replace(/[ßẞ]/g, 'SS')
    .replace(/[æÆ]/g, 'AE')
    .replace(/[œŒ]/g, 'OE')
    .replace(/[øØ]/g, 'O')
    .replace(/[łŁ]/g, 'L')
    .replace(/[đĐðÐ]/g, 'D')
    .normalize('NFKD')
    .replace(/⁄/g, '/')
    .toUpperCase()
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/g, '')
    .replace(/ +/g, ' ')
    .trim();
  return truncateTo === undefined ? plain : plain.slice(0, truncateTo).trimEnd();
}
