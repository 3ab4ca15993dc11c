/** Numbers of released suites (Debian distro-info-data). */
const NUMBERS: ReadonlyMap<string, string> = new Map([
  ['hamm', '2.0'],
  ['slink', '2.1'],
  ['potato', '2.2'],
  ['woody', '3.0'],
  ['sarge', '3.1'],
  ['etch', '4'],
  ['lenny', '5'],
  ['squeeze', '6'],
  ['wheezy', '7'],
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
]);

/** Not released when this was written: their images still say a codename, and one day a number. */
const COMING: ReadonlyMap<string, string> = new Map([
  ['forky', '14'],
  ['duke', '15'],
]);

/** What images of a suite call their release; its number, and the codename where there may be no number yet. */
export function debianStreams(codename: string): readonly string[] {
  const number = NUMBERS.get(codename);
  if (number !== undefined) return [number];
  const coming = COMING.get(codename);
  return coming === undefined ? [codename] : [coming, codename];
}
