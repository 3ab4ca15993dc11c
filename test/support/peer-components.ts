import { packageKey } from '../../src/formats/osv/package-key.ts';
import type { OsvAffected, OsvRecord } from './peer-records.ts';

export interface PeerComponent {
  readonly ecosystem: string;
  /** As records name it. */
  readonly name: string;
  /** As records write it: without the `v` of Go. */
  readonly version: string;
  readonly purl: string;
}

/**
 * Packages of all records, each at the bounds of their ranges, at the numbers just below and just above, at a candidate of
 * the bound, at the first, the middle and the last version that a record lists, and at a version below all of them.
 */
export function componentsAround(records: readonly OsvRecord[]): readonly PeerComponent[] {
  const named = records.flatMap(({ affected = [] }) => affected).filter((each) => ORDER.includes(ecosystemOf(each)));
  const groups = Map.groupBy(named, (each) => `${ecosystemOf(each)} ${each.package.name}`);
  const components = [...groups.values()].flatMap(componentsOf);
  return [...new Map(components.map((each) => [each.purl, each])).values()];
}

/** CycloneDX 1.5, as tools for Go and Python write it. */
export function billOfMaterials(components: readonly PeerComponent[]): unknown {
  const listed = components.map(({ name, version, purl }) => ({
    type: 'library',
    name,
    version: purl.endsWith(`@v${encodeURIComponent(version)}`) ? `v${version}` : version,
    purl,
    'bom-ref': purl,
  }));
  return { bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components: listed };
}

const ORDER = ['Go', 'PyPI'];

function ecosystemOf({ package: { ecosystem } }: OsvAffected): string {
  return ecosystem;
}

function componentsOf(statements: readonly OsvAffected[]): readonly PeerComponent[] {
  const [{ package: about } = { package: { ecosystem: '', name: '' } }] = statements;
  const key = packageKey(about);
  if (key === undefined) return [];
  const versions = new Set([
    '0.0.1',
    ...statements.flatMap(versionsIn).flatMap((each) => around(each, about.ecosystem)),
  ]);
  const isPlain = about.ecosystem !== 'Go' || about.name === 'stdlib' || about.name === 'toolchain';
  return [...versions].map((version) => {
    const purl = `${key.purl}@${isPlain ? '' : 'v'}${encodeURIComponent(version)}`;
    return { ...about, version, purl };
  });
}

function versionsIn({ ranges = [], versions = [], ecosystem_specific: more }: OsvAffected): readonly string[] {
  const ordered = [...ranges, ...(more?.custom_ranges ?? [])].filter(({ type }) => type !== 'GIT');
  const bounds = ordered.flatMap(({ events }) => events.flatMap((event) => Object.values(event)));
  const listed = [versions.at(0), versions.at(versions.length / 2), versions.at(-1)];
  return [...bounds, ...listed].filter((each) => each !== undefined && each !== '' && each !== '0') as string[];
}

function around(version: string, ecosystem: string): readonly string[] {
  const [, start, last] = /^(\d+\.\d+\.)(\d+)$/.exec(version) ?? [];
  if (start === undefined || last === undefined) return [version];
  const candidate = `${version}${ecosystem === 'Go' ? '-rc.1' : 'rc1'}`;
  const below = last === '0' ? [] : [`${start}${Number(last) - 1}`];
  return [version, candidate, `${start}${Number(last) + 1}`, ...below];
}
