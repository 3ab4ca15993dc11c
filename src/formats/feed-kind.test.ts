import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feedKindOf } from './feed-kind.ts';

const cases: readonly (readonly [path: string, start: string, kind: string | undefined])[] = [
  ['data/osv/GO-2024-2687.json', '', 'govulndb'],
  ['advisories/2024/GHSA-aaaa-bbbb-cccc/GHSA-aaaa-bbbb-cccc.json', '', 'ghsa'],
  ['vulns/django/PYSEC-2024-1.yaml', '', 'pypa'],
  ['crates/time/RUSTSEC-2020-0071.md', '', 'rustsec'],
  ['rust/std/CVE-2015-20001.md', '', 'rustsec'],
  ['gems/rails/CVE-2024-1.yml', '', 'rubysec'],
  ['data/DSA/list', '', 'dsa'],
  ['epss_scores-2026-01-01.csv.gz', '', 'epss'],
  ['known_exploited_vulnerabilities.json', '{\n "title": "x",\n "catalogVersion": "2026.01.01",', 'kev'],
  ['nvdcve-2.0-2024.json', '{"resultsPerPage":1,"format":"NVD_CVE"', 'nvd'],
  ['nvdcve-2.0-2024.json.gz', '\u001f', 'nvd'],
  ['v3.20/main.json', '{"apkurl":"x","archs":["x86_64"],"reponame":"main"', 'secdb'],
  ['main.yaml', 'distroversion: v3.20\nreponame: main\n', 'secdb'],
  ['debian.json', '{"openssl": {"CVE-2024-1": {"scope": "local"', 'debian'],
  ['docker/x.json', '{"@context": "https://openvex.dev/ns/v0.2.0"', 'openvex'],
  ['all/UBUNTU-CVE-2024-1.json', '{"id":"UBUNTU-CVE-2024-1","modified":"2024-01-01T00:00:00Z"', 'osv'],
  ['OSV-2024-1.yaml', 'id: OSV-2024-1\nmodified: 2024-01-01T00:00:00Z\n', 'osv'],
  ['all/MAL-2024-1.json', '{"id":"MAL-2024-1","details":"long', 'osv'],
  ['all/CVE-2024-1.json', '{\n  "affected": [\n', 'osv'],
  ['package.json', '{"name": "x", "version": "1.0.0"', undefined],
  ['README.md', '# Advisories', undefined],
  ['scores.csv', 'a,b', undefined],
];

for (const [path, start, kind] of cases) {
  test(`feedKindOf() ${path}: ${kind ?? 'nothing'}`, () => {
    assert.equal(feedKindOf(path, Buffer.from(start)), kind);
  });
}
