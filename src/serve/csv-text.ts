/** RFC 4180; a cell that a spreadsheet would run as a formula is preceded by an apostrophe. */
export function csvText(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const head = Object.keys(rows[0] ?? {});
  const cell = (value: unknown): string => {
    const plain =
      typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [head, ...rows.map((row) => head.map((key) => row[key]))]
    .map((each) => `${each.map(cell).join(',')}\r\n`)
    .join('');
}
