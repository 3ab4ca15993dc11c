import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRelease } from './release-file.ts';

const text = `Origin: Debian
Suite: oldstable-security
Version: 12
Codename: bookworm-security
Date: Sat, 11 Jul 2026 09:59:47 UTC
Valid-Until: Sat, 18 Jul 2026 9:59:47 +0000
Description: Debian 12
SHA256:
 ${'a'.repeat(64)} 10 main/binary-amd64/Packages
`;

const signed = (inner: string) =>
  `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${inner}-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCgAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n`;

const read = (release: string) => parseRelease(Buffer.from(release), 'InRelease');

test('parseRelease() reads a Release file, and the same within a clear-signed message', () => {
  const expected = {
    origin: 'Debian',
    suite: 'oldstable-security',
    codename: 'bookworm-security',
    version: '12',
    date: '2026-07-11T09:59:47Z',
    validUntil: '2026-07-18T09:59:47Z',
  };
  for (const release of [text, signed(text), signed(text).replaceAll('\n', '\r\n'), `${signed(text)}\n\n`]) {
    const { date, validUntil, ...others } = read(release);
    assert.deepEqual({ ...others, date: String(date), validUntil: String(validUntil) }, expected);
  }
});

test('parseRelease() takes one name for both where only one is there, and needs neither origin nor version', () => {
  const { origin, suite, codename, version, validUntil } = read('Suite: sid\nDate: Mon, 1 Jan 2024 00:00:00 UTC\n');
  assert.deepEqual([origin, suite, codename, version, validUntil], ['', 'sid', 'sid', null, null]);
});

test('parseRelease() undoes the dashes of a signed message', () => {
  assert.equal(read(signed(text.replace('Origin:', '- Origin:'))).origin, 'Debian');
});

for (const [what, release] of [
  ['no date', text.replace('Date:', 'Day:')],
  ['no name', text.replace('Suite:', 'A:').replace('Codename:', 'B:')],
  ['a month that is none', text.replace('Jul', 'Jux')],
  ['a day that is none', text.replace('11 Jul', '31 Jun')],
  ['a time zone that apt does not know', text.replace('UTC', 'CET')],
  ['text before the signed part', `Suite: evil\n\n${signed(text)}`],
  ['text behind the signed part', `${signed(text)}Suite: evil\n`],
  ['two signed parts', signed(text) + signed(text)],
  ['a signed part without end', signed(text).replace('-----END PGP SIGNATURE-----', '')],
  ['an end without beginning', signed(text).replace('-----BEGIN PGP SIGNED MESSAGE-----\n', '')],
  ['two stanzas', `${text}\nSuite: evil\n`],
] as const) {
  test(`parseRelease() refuses: ${what}`, () => {
    assert.throws(() => read(release), { code: 'E0404' });
  });
}
