import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fuzzFolder, fuzzReader } from '../../../test/support/fuzz-reader.ts';
import { advisory } from '../../../test/support/literal-scan.ts';
import { openRecords, writeRecords } from './record-store.ts';

const folder = fuzzFolder();
await writeRecords(folder, [advisory('GHSA-1', []), advisory('GHSA-2', [], { aliases: ['CVE-2026-1'] })]);

for (const name of ['records.jsonl', 'offsets', 'ids']) {
  const right = readFileSync(join(folder, name));
  fuzzReader({
    name: `openRecords() with other ${name}`,
    right,
    read: (bytes) => {
      writeFileSync(join(folder, name), bytes);
      try {
        return readAll();
      } finally {
        writeFileSync(join(folder, name), right);
      }
    },
    codes: /^E0803$/,
  });
}

function readAll(): unknown {
  const store = openRecords(folder, 2);
  try {
    return [store.at(0), store.at(1), store.placesOf('GHSA-2'), store.placesOf('CVE-2026-1')];
  } finally {
    store.close();
  }
}
