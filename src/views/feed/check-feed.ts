import { Failure } from '../../core/failure.ts';
import { parseFeedJson } from '../../formats/feed-json.ts';
import { zipContent, zipMembers } from '../../formats/jar/zip-directory.ts';
import { parseOpenvex } from '../../formats/openvex/parse-openvex.ts';
import { idProblem } from '../../formats/osv/registered-names.ts';
import { parseOsv } from '../../formats/osv/parse-osv.ts';
import { parseSecdb } from '../../formats/secdb/parse-secdb.ts';
import { bytesInMemory } from '../../formats/program/random-bytes.ts';
import { type FeedFile, feedSchema, indexEntry, indexPath } from './feed-file.ts';

/** What is wrong with one file of a folder of feeds. */
export interface FeedProblem {
  readonly file: string;
  readonly why: string;
}

export interface FeedCheck {
  readonly files: number;
  readonly records: number;
  readonly problems: readonly FeedProblem[];
}

type Given = Pick<FeedFile, 'path' | 'bytes'>;

/** Judges any folder of feeds by what readers of each format ask for; the folder's own list too, where there is one. */
export function checkFeed(files: readonly Given[]): FeedCheck {
  const problems: FeedProblem[] = [];
  let records = 0;
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const file of files) {
    try {
      records += readOne(file, byPath, (why) => problems.push({ file: file.path, why }));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push({ file: error.detail.at ?? file.path, why: error.detail.why ?? error.message });
    }
  }
  if (files.length === 0) problems.push({ file: '.', why: 'there is no file here' });
  return { files: files.length, records, problems };
}

type Report = (why: string) => void;

/** Returns how many records it holds. */
function readOne(file: Given, files: ReadonlyMap<string, Given>, report: Report): number {
  const { path, bytes } = file;
  if (path === indexPath) return checkIndex(bytes, files, report);
  if (path.endsWith('modified_id.csv')) return checkModified(file, files, report);
  if (path.endsWith('.zip')) return checkZip(file, files, report);
  if (/^secdb\/.*\.json$/.test(path)) {
    const { records, problems } = parseSecdb(parseFeedJson(bytes, path), { name: path, observedAt: EPOCH });
    for (const problem of problems) report(problem.detail.why ?? problem.message);
    return records.length;
  }
  if (/\.openvex\.json$|^openvex\/.*\.json$/.test(path)) return checkVex(file, report);
  if (path.endsWith('.json')) return checkOsv(file, report);
  report('no feed has such a file');
  return 0;
}

const EPOCH = Temporal.Instant.fromEpochMilliseconds(0);

function checkOsv({ path, bytes }: Given, report: Report): number {
  const json = parseFeedJson(bytes, path);
  const record = parseOsv(json, { name: path, source: 'own', observedAt: EPOCH });
  const name = path.slice(path.lastIndexOf('/') + 1, -'.json'.length);
  if (record.id !== name) report(`its id is ${record.id}, which is not the name of the file`);
  for (const why of idProblem(json)) report(why);
  return 1;
}

function checkVex({ path, bytes }: Given, report: Report): number {
  const { records, problems } = parseOpenvex(parseFeedJson(bytes, path), { name: path });
  for (const problem of problems) report(problem.detail.why ?? problem.message);
  for (const { id, statements = [] } of records) {
    const products = statements.flatMap((statement) => statement.products.flatMap(({ ids }) => ids[0] ?? []));
    const twice = products.find((product, index) => products.indexOf(product) !== index);
    if (twice !== undefined) report(`${id} has two states for ${twice}`);
    const vague = products.find((each) => each.startsWith('pkg:oci/') && !/@sha256(?::|%3A)[0-9a-f]{64}\b/.test(each));
    if (vague !== undefined) report(`${id} is about ${vague}, which names no digest`);
  }
  return records.length;
}

/** `modified,id`, newest first (osv.dev data dumps); each names a record beside it and its date. */
function checkModified({ path, bytes }: Given, files: ReadonlyMap<string, Given>, report: Report): number {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  let last = '9999';
  for (const [index, row] of new TextDecoder().decode(bytes).split('\n').slice(0, -1).entries()) {
    const [, modified = '', id = ''] = /^([^,]+),(?:[^,]*\/)?([^,/]+)$/.exec(row) ?? [];
    const record = files.get(`${folder}${id}.json`);
    if (record === undefined) report(`row ${index + 1} names ${id === '' ? row.slice(0, 80) : id}, which is not here`);
    else if (modifiedIn(record) !== modified) report(`row ${index + 1}: ${id} was modified at another time`);
    if (modified > last) report(`row ${index + 1} is newer than the row before`);
    last = modified;
  }
  return 0;
}

function modifiedIn({ path, bytes }: Given): unknown {
  const json = parseFeedJson(bytes, path);
  return typeof json === 'object' && json !== null && 'modified' in json ? json.modified : undefined;
}

function checkZip({ path, bytes }: Given, files: ReadonlyMap<string, Given>, report: Report): number {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const source = bytesInMemory(bytes);
  const members = zipMembers(source, path);
  for (const member of members) {
    const beside = files.get(`${folder}${member.name}`);
    const content = zipContent(source, member, { at: path, sizeBytesMax: MEMBER_BYTES_MAX });
    if (beside === undefined) report(`it holds ${member.name}, which is not beside it`);
    else if (Buffer.compare(content, beside.bytes) !== 0) report(`${member.name} in it is another than beside it`);
  }
  const inside = new Set(members.map(({ name }) => `${folder}${name}`));
  for (const other of files.keys()) {
    const isRecord = other.startsWith(folder) && /^[^/]+\.json$/.test(other.slice(folder.length));
    if (isRecord && !inside.has(other)) report(`${other} is not in it`);
  }
  return 0;
}

const MEMBER_BYTES_MAX = 64 * 1024 * 1024;

function checkIndex(bytes: Uint8Array, files: ReadonlyMap<string, Given>, report: Report): number {
  const json = parseFeedJson(bytes, indexPath) as {
    schema?: unknown;
    files?: readonly { path?: unknown; sha256?: unknown }[];
  } | null;
  if (json?.schema !== feedSchema || !Array.isArray(json.files)) {
    report(`it is no list of the form ${feedSchema}`);
    return 0;
  }
  const listed = new Map(json.files.map((each) => [String(each.path), String(each.sha256)]));
  for (const [path, sha256] of listed) {
    const file = files.get(path);
    if (file === undefined) report(`${path} is listed and not here`);
    else if (indexEntry({ ...file, mediaType: '' }).sha256 !== sha256) report(`${path} has other bytes than listed`);
  }
  for (const path of files.keys())
    if (path !== indexPath && !listed.has(path)) report(`${path} is here and not listed`);
  return 0;
}
