import { fuzzReader } from '../../../test/support/fuzz-reader.ts';
import { ndbDatabase, rpmDatabase, rpmPackage } from '../../../test/support/rpm-database.ts';
import { parseRpmDatabase } from './installed-database.ts';
import { packageHeader } from './package-header.ts';
import { sqliteBlobs } from './sqlite-blobs.ts';

const one = rpmPackage('openssl-libs', '3.0.7-27.el9', {
  1003: [1],
  1116: [0, 1, 0],
  1117: ['a', 'b', 'c'],
  1118: ['/usr/', '/etc/'],
});
const database = rpmDatabase([one, Buffer.concat([one, Buffer.alloc(3000)]), one, one], 512);
const codes = /^E0(?:205|404)$/;

fuzzReader({
  name: 'sqliteBlobs()',
  right: database,
  read: (bytes) => [...sqliteBlobs(bytes, 'Packages', 'rpmdb.sqlite')],
  codes,
});
fuzzReader({ name: 'parseRpmDatabase()', right: database, read: (bytes) => parseRpmDatabase(bytes, 'x'), codes });
fuzzReader({
  name: "parseRpmDatabase() of SUSE's form",
  right: ndbDatabase([one, one]),
  read: (bytes) => parseRpmDatabase(bytes, 'x'),
  codes,
});
fuzzReader({
  name: 'packageHeader()',
  right: one,
  read: (bytes) => {
    const header = packageHeader(bytes, 'x');
    return [header.texts(1117), header.numbers(1116), header.text(1000)];
  },
  codes,
});
