import { fuzzReader } from '../../../test/support/fuzz-reader.ts';
import { affectedBelow, advisory } from '../../../test/support/literal-scan.ts';
import { encodeEpssTable, openEpssTable } from '../epss/epss-table.ts';
import { asked } from './asked.ts';
import { encodeIndex } from './encode-index.ts';
import { lookUp } from './look-up.ts';
import { openIndex } from './open-index.ts';
import { recordsAbout } from './records-about.ts';
import { Section } from './section.ts';

const records = [1, 2, 3].map((number) =>
  advisory(`GHSA-${number}`, [affectedBelow('pkg:npm/left-pad', `1.${number}.0`), affectedBelow('pkg:npm/x', null)]),
);
const file = encodeIndex([{ source: 'x', records }]);
const query = { package: 'pkg:npm/left-pad', stream: '1' };

fuzzReader({
  name: 'openIndex()',
  right: file,
  read: (bytes) => {
    const index = openIndex(bytes);
    return [index.lookup({ ...query, version: '1.0.0' }), index.about(query)];
  },
  codes: /^E0803$/,
});

// Behind the digest of the directory lie the sections themselves, which only verify() compares.
fuzzReader({
  name: 'openIndex() of damaged sections',
  right: openIndex(file).sections[0]?.bytes ?? '',
  read: (bytes) => {
    const section = new Section(bytes);
    return [lookUp(section, asked({ ...query, version: '1.0.0' })), recordsAbout(section, query)];
  },
  codes: /^E0803$/,
});

fuzzReader({
  name: 'openEpssTable()',
  right: encodeEpssTable([
    { id: 'CVE-2026-0001', epss: 0.5 },
    { id: 'CVE-2026-0002', epss: 0.1 },
  ]),
  read: (bytes) => openEpssTable(bytes)('CVE-2026-0001'),
  codes: /^$/,
});
