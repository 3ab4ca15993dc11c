import { Failure } from '../../core/failure.ts';
import { sbomEntriesMax, type ReadSbom, type SbomEntry } from '../sbom/entry.ts';
import { fieldsOf, inPassing, listIn, requiredText, textIn, UnfitField, type Fields } from '../sbom/fields.ts';
import type { Distribution } from '../inventory/distribution.ts';
import type { SbomDocument } from '../sbom/document.ts';

/**
 * The components of a CycloneDX document (1.4 to 1.7, JSON), nested ones too. What its maker knows beyond the standard is
 * taken from the properties of Trivy and Syft and from our own. E0404 for another version or a damaged document.
 */
export function readCyclonedx(document: SbomDocument): ReadSbom {
  const { at } = document;
  const version = document.member('specVersion');
  if (typeof version !== 'string' || !/^1\.[4-7]$/.test(version)) {
    throw new Failure('E0404', `The document ${at} is CycloneDX of a version that cannot be read`, {
      at,
      why: `specVersion is ${JSON.stringify(version)?.slice(0, 40)}; 1.4 to 1.7 are read.`,
    });
  }
  const read: Reading = { at, entries: [], distribution: null };
  const subject = inPassing(() => subjectIn(document));
  // The image or folder that is described is not inside itself; a product that has a purl may have advisories of its own.
  if (subject?.purl !== undefined && !DESCRIBED.has(subject.type)) takeRead(subject, { owner: null, read, depth: 0 });
  for (const child of subject?.components ?? []) take(child, null, read);
  for (const element of document.elements('components')) take(element, null, read);
  return { format: `CycloneDX ${version}`, entries: read.entries, distribution: read.distribution };
}

interface Reading {
  readonly at: string;
  readonly entries: SbomEntry[];
  distribution: Distribution | null;
}

/** Kinds that are no software with advisories of its own. */
const DESCRIBED = new Set([
  'file',
  'container',
  'operating-system',
  'data',
  'cryptographic-asset',
  'device',
  'platform',
]);
const DEPTH_MAX = 50;

/** The members that are read, each as the document has it. */
interface CyclonedxComponent {
  readonly type: string;
  readonly name: string;
  readonly group: string | undefined;
  readonly version: string | undefined;
  readonly purl: string | undefined;
  readonly concluded: readonly string[];
  readonly licenses: readonly string[];
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly location: string | undefined;
  readonly patched: readonly string[];
  readonly components: readonly unknown[];
}

function componentOf(element: unknown): CyclonedxComponent {
  const fields = fieldsOf(element, 'a component');
  return {
    type: textIn(fields, 'type') ?? 'library',
    name: textIn(fields, 'name') ?? '',
    group: textIn(fields, 'group'),
    version: textIn(fields, 'version'),
    purl: textIn(fields, 'purl'),
    concluded: inPassing(() => concludedIn(fields)) ?? [],
    licenses: inPassing(() => listIn(fields, 'licenses')?.flatMap(licenseIn)) ?? [],
    properties: (listIn(fields, 'properties') ?? []).map((each) => {
      const property = fieldsOf(each, 'a property');
      return [requiredText(property, 'name'), textIn(property, 'value') ?? ''] as const;
    }),
    location: inPassing(() => locationIn(fields)),
    patched: inPassing(() => patchesIn(fields)) ?? [],
    components: listIn(fields, 'components') ?? [],
  };
}

function licenseIn(element: unknown): readonly string[] {
  const fields = fieldsOf(element, 'a license');
  const license = fields['license'] === undefined ? undefined : fieldsOf(fields['license'], 'license');
  const [id, name] = license === undefined ? [] : [textIn(license, 'id'), textIn(license, 'name')];
  const said = textIn(fields, 'expression') ?? id ?? name;
  return said === undefined ? [] : [said];
}

/** `evidence.occurrences[0].location` */
function locationIn(fields: Fields): string | undefined {
  if (fields['evidence'] === undefined) return undefined;
  const [first] = listIn(fieldsOf(fields['evidence'], 'evidence'), 'occurrences') ?? [];
  return first === undefined ? undefined : requiredText(fieldsOf(first, 'an occurrence'), 'location');
}

/** `evidence.identity[].concludedValue` of a purl: what whoever looked at it takes it for (1.6; in 1.5 `identity` is one alone). */
function concludedIn(fields: Fields): readonly string[] {
  if (fields['evidence'] === undefined) return [];
  const evidence = fieldsOf(fields['evidence'], 'evidence');
  const identity = evidence['identity'];
  if (identity === undefined) return [];
  return (Array.isArray(identity) ? identity : [identity]).flatMap((each) => {
    const one = fieldsOf(each, 'an identity');
    const concluded = textIn(one, 'concludedValue');
    return one['field'] === 'purl' && concluded !== undefined ? [concluded] : [];
  });
}

/** `pedigree.patches[].resolves[].id`, of what is a flaw. */
function patchesIn(fields: Fields): readonly string[] {
  if (fields['pedigree'] === undefined) return [];
  const patches = listIn(fieldsOf(fields['pedigree'], 'pedigree'), 'patches') ?? [];
  return patches
    .flatMap((patch) => listIn(fieldsOf(patch, 'a patch'), 'resolves') ?? [])
    .flatMap((each) => {
      const resolved = fieldsOf(each, 'what a patch resolves');
      const id = textIn(resolved, 'id');
      return requiredText(resolved, 'type') === 'security' && id !== undefined ? [id] : [];
    });
}

function subjectIn(document: SbomDocument): CyclonedxComponent | undefined {
  const about = document.member('metadata');
  const subject = about === undefined ? undefined : fieldsOf(about, 'metadata')['component'];
  return subject === undefined ? undefined : componentOf(subject);
}

function take(element: unknown, owner: string | null, read: Reading, depth = 0): void {
  takeRead(readComponent(element, read.at, depth), { owner, read, depth });
}

function readComponent(element: unknown, at: string, depth: number): CyclonedxComponent {
  let why = 'components are nested too deep';
  try {
    if (depth <= DEPTH_MAX) return componentOf(element);
  } catch (error) {
    if (!(error instanceof UnfitField)) throw error;
    why = error.message;
  }
  throw new Failure('E0404', `The document ${at} has a component that cannot be read`, { at, why });
}

function takeRead(
  one: CyclonedxComponent,
  { owner, read, depth }: { readonly owner: string | null; readonly read: Reading; readonly depth: number },
): void {
  if (read.entries.length >= sbomEntriesMax) {
    throw new Failure('E0205', `The document ${read.at} lists more than ${sbomEntriesMax} components`, { at: read.at });
  }
  if (one.type === 'operating-system')
    read.distribution ??= { id: one.name.toLowerCase(), release: one.version ?? null };
  const entry = entryOf(one, owner);
  if (entry.purl !== null || entry.isPackage || !isDescription(one)) read.entries.push(entry);
  const isInstalled = entry.isPackage || /^pkg:(?:deb|apk|rpm|alpm)\//.test(entry.purl ?? '');
  for (const child of one.components) take(child, isInstalled ? one.name : owner, read, depth + 1);
}

/** Trivy also lists the file in which it found packages, as an application without version. */
function isDescription({ type, version = '' }: CyclonedxComponent): boolean {
  return DESCRIBED.has(type) || (type === 'application' && version === '');
}

function entryOf(one: CyclonedxComponent, owner: string | null): SbomEntry {
  const properties = new Map(one.properties);
  const said = (name: string): string | null => properties.get(name) ?? null;
  return {
    name: one.group === undefined || one.group === '' ? one.name : `${one.group}/${one.name}`,
    version: one.version ?? '',
    purl: one.purl ?? one.concluded[0] ?? null,
    otherPurls: one.concluded,
    license: one.licenses.join(' AND '),
    origin: originOf(said),
    isPackage: said('suture:origin') !== null,
    architecture: said('suture:architecture') ?? '',
    edge: EDGES.find((edge) => edge === said('suture:edge')) ?? null,
    owner: said('suture:package') ?? owner,
    location: locationOf(one, said),
    patched: one.patched,
  };
}

const EDGES = ['is', 'contains', 'static', 'header', 'compiled-by'] as const;

/** Trivy splits the source's version into its parts. */
function originOf(said: (name: string) => string | null): SbomEntry['origin'] {
  const own = said('suture:origin');
  if (own !== null) return own === '' ? null : { name: own, version: null };
  const name = said('aquasecurity:trivy:SrcName');
  const version = said('aquasecurity:trivy:SrcVersion');
  if (name === null || name === '') return null;
  if (version === null || version === '') return { name, version: null };
  const release = said('aquasecurity:trivy:SrcRelease') ?? '';
  const epoch = said('aquasecurity:trivy:SrcEpoch') ?? '';
  return {
    name,
    version: `${epoch === '' || epoch === '0' ? '' : `${epoch}:`}${version}${release === '' ? '' : `-${release}`}`,
  };
}

function locationOf({ location }: CyclonedxComponent, said: (name: string) => string | null): string | null {
  const path = location ?? said('syft:location:0:path') ?? said('aquasecurity:trivy:FilePath');
  return path === null || path === '' ? null : path.replace(/^\/+/, '');
}
