import { Failure } from '../../core/failure.ts';
import { jsonElements, jsonMember, jsonMembers } from './json-members.ts';

/** A bill of materials as JSON, of which readers ask for one member after the other. */
export interface SbomDocument {
  readonly at: string;
  readonly has: (name: string) => boolean;
  /** Undefined where there is none. */
  readonly member: (name: string) => unknown;
  /** Of a list, one by one; none where it is absent or null. E0404 where it is no list. */
  readonly elements: (name: string) => Iterable<unknown>;
}

/**
 * Small documents are parsed as a whole, which is faster. Documents of 200 MB exist, most of it files and relations that nobody
 * asks for; of them `JSON.parse` makes 600 MB more, so there only what is asked for is parsed, element by element.
 */
export function sbomDocument(bytes: Uint8Array, at: string): SbomDocument {
  return bytes.length <= WHOLE_BYTES_MAX ? wholeDocument(bytes, at) : longDocument(bytes, at);
}

const WHOLE_BYTES_MAX = 8 * 2 ** 20;

/** Exported for the test that holds both against each other. */
export function longDocument(bytes: Uint8Array, at: string): SbomDocument {
  const members = jsonMembers(bytes, at);
  return {
    at,
    has: (name) => members.has(name),
    member: (name) => jsonMember(bytes, members.get(name), at),
    elements: (name) => jsonElements(bytes, members.get(name), at),
  };
}

function wholeDocument(bytes: Uint8Array, at: string): SbomDocument {
  const members = membersOf(bytes, at);
  return {
    at,
    has: (name) => members.has(name),
    member: (name) => members.get(name),
    elements: (name) => {
      const list = members.get(name) ?? [];
      if (Array.isArray(list)) return list;
      throw new Failure('E0404', `The document ${at} has something else where a list belongs`, {
        at: `${at}: ${name}`,
      });
    },
  };
}

function membersOf(bytes: Uint8Array, at: string): ReadonlyMap<string, unknown> {
  const value = parsed(bytes, at);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw new Failure('E0404', `The document ${at} is no JSON object`, { at });
}

function parsed(bytes: Uint8Array, at: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new Failure('E0404', `The document ${at} is not valid JSON`, { at, cause });
  }
}
