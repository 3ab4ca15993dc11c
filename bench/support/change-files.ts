import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As a pull does: some records, spread over the feed, are put in the place of what they were before. */
export function changeFiles(feed: string, count: number): void {
  const files = readdirSync(feed, { recursive: true, encoding: 'utf8' })
    .filter((name) => RECORD.test(name))
    .toSorted();
  const step = Math.max(1, Math.floor(files.length / count));
  for (const name of files.filter((_, index) => index % step === 0).slice(0, count)) {
    const path = join(feed, name);
    writeFileSync(`${path}.new`, `${readFileSync(path, 'utf8')}\n`);
    renameSync(`${path}.new`, path);
  }
}

const RECORD = /(?:PYSEC|RUSTSEC|GO|CVE|GHSA|made-up)[^/]*\.(?:json|ya?ml|md)$/;
