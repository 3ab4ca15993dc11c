import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import { sbomEntriesMax, type ReadSbom, type SbomEntry } from '../sbom/entry.ts';
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
  const subject = metadata.safeParse(document.member('metadata')).data?.component;
  // The image or folder that is described is not inside itself; a product that has a purl may have advisories of its own.
  if (subject?.purl !== undefined && !DESCRIBED.has(subject.type)) take(subject, null, read);
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

const text = z.string().max(100_000);
const component = z.object({
  type: text.default('library'),
  name: text.default(''),
  group: text.optional(),
  version: text.optional(),
  purl: text.optional(),
  licenses: z
    .array(
      z.object({
        expression: text.optional(),
        license: z.object({ id: text.optional(), name: text.optional() }).optional(),
      }),
    )
    .optional()
    .catch(undefined),
  properties: z.array(z.object({ name: text, value: text.optional() })).optional(),
  evidence: z
    .object({ occurrences: z.array(z.object({ location: text })).optional() })
    .optional()
    .catch(undefined),
  pedigree: z
    .object({
      patches: z
        .array(z.object({ type: text, resolves: z.array(z.object({ type: text, id: text.optional() })).optional() }))
        .optional(),
    })
    .optional()
    .catch(undefined),
  components: z.array(z.unknown()).optional(),
});
type CyclonedxComponent = z.infer<typeof component>;

const metadata = z.object({ component: component.optional() });

function take(element: unknown, owner: string | null, read: Reading, depth = 0): void {
  const parsed = component.safeParse(element);
  if (!parsed.success || depth > DEPTH_MAX) {
    const why = parsed.error?.issues[0]?.message ?? 'components are nested too deep';
    throw new Failure('E0404', `The document ${read.at} has a component that cannot be read`, { at: read.at, why });
  }
  if (read.entries.length >= sbomEntriesMax) {
    throw new Failure('E0205', `The document ${read.at} lists more than ${sbomEntriesMax} components`, { at: read.at });
  }
  const one = parsed.data;
  if (one.type === 'operating-system')
    read.distribution ??= { id: one.name.toLowerCase(), release: one.version ?? null };
  const entry = entryOf(one, owner);
  if (one.purl !== undefined || entry.isPackage || !isDescription(one)) read.entries.push(entry);
  const isInstalled = entry.isPackage || /^pkg:(?:deb|apk|rpm|alpm)\//.test(one.purl ?? '');
  for (const child of one.components ?? []) take(child, isInstalled ? one.name : owner, read, depth + 1);
}

/** Trivy also lists the file in which it found packages, as an application without version. */
function isDescription({ type, version = '' }: CyclonedxComponent): boolean {
  return DESCRIBED.has(type) || (type === 'application' && version === '');
}

function entryOf(one: CyclonedxComponent, owner: string | null): SbomEntry {
  const properties = new Map((one.properties ?? []).map(({ name, value }) => [name, value ?? '']));
  const said = (name: string): string | null => properties.get(name) ?? null;
  return {
    name: one.group === undefined || one.group === '' ? one.name : `${one.group}/${one.name}`,
    version: one.version ?? '',
    purl: one.purl ?? null,
    license: licenseOf(one),
    origin: originOf(said),
    isPackage: said('suture:origin') !== null,
    architecture: said('suture:architecture') ?? '',
    edge: edgeSchema.safeParse(said('suture:edge')).data ?? null,
    owner: said('suture:package') ?? owner,
    location: locationOf(one, said),
    patched: patchedIn(one),
  };
}

const edgeSchema = z.enum(['is', 'contains', 'static', 'header', 'compiled-by']);

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

function locationOf({ evidence }: CyclonedxComponent, said: (name: string) => string | null): string | null {
  const path =
    evidence?.occurrences?.[0]?.location ?? said('syft:location:0:path') ?? said('aquasecurity:trivy:FilePath');
  return path === null || path === '' ? null : path.replace(/^\/+/, '');
}

function licenseOf({ licenses = [] }: CyclonedxComponent): string {
  return licenses.flatMap(({ expression, license }) => expression ?? license?.id ?? license?.name ?? []).join(' AND ');
}

function patchedIn({ pedigree }: CyclonedxComponent): readonly string[] {
  return (pedigree?.patches ?? [])
    .flatMap((patch) => patch.resolves ?? [])
    .flatMap(({ type, id }) => (type === 'security' && id !== undefined ? [id] : []));
}
