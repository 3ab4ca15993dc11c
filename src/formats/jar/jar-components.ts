import { Failure } from '../../core/failure.ts';
import { foundComponent, type FoundComponent } from '../inventory/found-component.ts';
import { bytesInMemory, type RandomBytes } from '../program/random-bytes.ts';
import { knownGroup } from './known-groups.ts';
import { manifestOf } from './manifest.ts';
import { propertiesOf } from './properties.ts';
import { zipContent, zipMembers, type ZipMember } from './zip-directory.ts';

/** What was found, and what could not be looked into, by its path inside. */
export interface FoundInside {
  readonly components: readonly FoundComponent[];
  readonly unread: readonly string[];
}

/** Whether a file may be a Java archive: also those of web and enterprise applications, and of plug-ins. */
export function isJarName(path: string): boolean {
  return /\.(?:jar|war|ear|par|sar|nar|kar|hpi|jpi)$/i.test(path);
}

/**
 * The Maven artifacts in a Java archive and in the archives inside it: those that left their `pom.properties` (Maven
 * Archiver), also the ones that were unpacked into it; else the archive itself, by its name and its manifest. An archive
 * whose group nobody knows is kept as `pkg:generic`: a guessed group would be another project's, and manifests do not
 * state it (old ones of Apache say `org.apache` for any of their projects).
 */
export function jarComponents(bytes: RandomBytes, path: string): FoundInside {
  const search: Search = { bytesLeft: UNPACKED_BYTES_MAX, membersLeft: MEMBERS_MAX, components: [], unread: [] };
  lookInto({ bytes, path, inside: '', depth: 0 }, search);
  return search;
}

interface Archive {
  readonly bytes: RandomBytes;
  readonly path: string;
  /** Path within the outermost archive; empty for that one. */
  readonly inside: string;
  readonly depth: number;
}

interface Search {
  bytesLeft: number;
  membersLeft: number;
  readonly components: FoundComponent[];
  readonly unread: string[];
}

/** An application of an enterprise holds web applications, which hold libraries. */
const DEPTH_MAX = 3;
/** Of one outermost archive, all that it holds together. */
const MEMBERS_MAX = 500_000;
const UNPACKED_BYTES_MAX = 2 ** 29;
const NESTED_BYTES_MAX = 2 ** 27;
const TEXT_BYTES_MAX = 2 ** 20;
/** Of a file's name: longer ones no file system takes. */
const NAME_CHARACTERS_MAX = 255;

function lookInto(archive: Archive, search: Search): void {
  attempt(archive.inside, search, () => {
    const members = zipMembers(archive.bytes, archive.path);
    search.membersLeft -= members.length;
    if (search.membersLeft < 0) throw tooMany(archive.path);
    const poms = members.filter((one) => POM_PROPERTIES.test(one.name));
    const found = poms.flatMap((one) => pomComponent(archive, one, search));
    search.components.push(...(found.length > 0 ? found : ownComponent(archive, members, search)));
    for (const member of members.filter((one) => isJarName(one.name))) lookIntoMember(archive, member, search);
  });
}

function lookIntoMember(outer: Archive, member: ZipMember, search: Search): void {
  const inside = outer.inside === '' ? member.name : `${outer.inside}!/${member.name}`;
  attempt(inside, search, () => {
    if (outer.depth === DEPTH_MAX) throw tooMany(inside);
    const bytes = bytesInMemory(contentOf(outer, member, { sizeBytesMax: NESTED_BYTES_MAX, search }));
    lookInto({ bytes, path: member.name, inside, depth: outer.depth + 1 }, search);
  });
}

/** One that cannot be read takes nothing from the others. */
function attempt(inside: string, search: Search, look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    search.unread.push(inside);
  }
}

const POM_PROPERTIES = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;

function pomComponent(archive: Archive, member: ZipMember, search: Search): readonly FoundComponent[] {
  const properties = propertiesOf(textOf(archive, member, search));
  const stated = (key: string): string => properties.get(key) ?? '';
  return mavenComponent(
    { group: stated('groupId'), artifact: stated('artifactId'), version: stated('version') },
    archive,
  );
}

function ownComponent(archive: Archive, members: readonly ZipMember[], search: Search): readonly FoundComponent[] {
  const member = members.find((one) => one.name === 'META-INF/MANIFEST.MF');
  const manifest = manifestOf(member === undefined ? '' : textOf(archive, member, search));
  const fileName = archive.path
    .slice(archive.path.lastIndexOf('/') + 1)
    .replace(/\.[a-z]+$/i, '')
    .slice(-NAME_CHARACTERS_MAX);
  const [, artifact = fileName, numbered] = /^(.+?)-([0-9][A-Za-z0-9._+-]*)$/.exec(fileName) ?? [];
  const versions = ['Implementation-Version', 'Bundle-Version', 'Specification-Version'].map((key) =>
    manifest.get(key),
  );
  const version = numbered ?? versions.find((text) => text !== undefined && text !== '') ?? '';
  const group = knownGroup(artifact, (folder) => members.some((one) => one.name.startsWith(folder))) ?? '';
  return mavenComponent({ group, artifact, version }, archive);
}

function mavenComponent(
  { group, artifact, version }: { readonly group: string; readonly artifact: string; readonly version: string },
  { inside }: Archive,
): readonly FoundComponent[] {
  const isMaven = /^[A-Za-z0-9_.-]+$/.test(group) && /^[A-Za-z0-9_.-]+$/.test(artifact);
  const component = foundComponent({
    ecosystem: isMaven ? 'Maven' : 'generic',
    name: isMaven ? `${group}:${artifact}` : artifact,
    version,
    edge: 'contains',
    ...(inside === '' ? {} : { inside }),
  });
  return component === undefined ? [] : [component];
}

function textOf(archive: Archive, member: ZipMember, search: Search): string {
  return new TextDecoder().decode(contentOf(archive, member, { sizeBytesMax: TEXT_BYTES_MAX, search }));
}

function contentOf(
  { bytes, path }: Archive,
  member: ZipMember,
  { sizeBytesMax, search }: { readonly sizeBytesMax: number; readonly search: Search },
): Uint8Array {
  const content = zipContent(bytes, member, { at: path, sizeBytesMax: Math.min(sizeBytesMax, search.bytesLeft) });
  search.bytesLeft -= content.length;
  return content;
}

function tooMany(at: string): Failure {
  return new Failure('E0205', `The archive ${at} holds too many members, or too deep`, { at });
}
