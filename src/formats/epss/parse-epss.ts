import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import { gunzip } from '../gzip/gunzip.ts';

export interface EpssOrigin {
  readonly name: string;
  /** Dates scores whose file does not say of which day they are. */
  readonly observedAt: Temporal.Instant;
  /** Scores exist for every CVE id; only wanted ones become records. */
  readonly wanted: (cve: string) => boolean;
}

const BYTES_MAX = 256 * 1024 * 1024;

/**
 * Scores of exploitation in the next 30 days (FIRST EPSS): CSV, plain or gzip, `cve,epss,percentile`, with an optional
 * comment `#model_version:…,score_date:…` and header. Throws Failure E0202 with the line that is no score; nothing of
 * the file is used then, because half a day's scores would look like news.
 */
export function parseEpss(bytes: Uint8Array, origin: EpssOrigin): readonly AdvisoryRecord[] {
  const { name } = origin;
  const plain = bytes[0] === 0x1f ? gunzip(bytes, { what: name, outputBytesMax: BYTES_MAX }) : bytes;
  const lines = new TextDecoder().decode(plain).split('\n');
  const scored = scoreDate(lines[0] ?? '') ?? origin.observedAt.toString();
  const model = /^#model_version:([\w.-]{1,100})/.exec(lines[0] ?? '')?.[1];
  const records: AdvisoryRecord[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#') || line.startsWith('cve,') || line === '\r') continue;
    const row = ROW.exec(line);
    if (row === null) throw unusable(name, index + 1, line);
    const [, cve = '', score = ''] = row;
    if (origin.wanted(cve)) records.push(recordOf(cve, { epss: Number(score), scored, model }));
  }
  return records;
}

/** A probability, so between 0 and 1; some copies of the data separate by semicolon. */
const ROW = /^(CVE-[0-9]{4}-[0-9]{4,})[,;](0(?:\.[0-9]+)?|1(?:\.0+)?|[0-9](?:\.[0-9]+)?e-[0-9]+)(?:[,;][0-9.e-]*)?\r?$/;

function scoreDate(comment: string): string | undefined {
  const text = /^#.*score_date:([0-9T:.+Z-]+)/.exec(comment)?.[1];
  if (text === undefined) return undefined;
  try {
    return Temporal.Instant.from(text.replace(/\+0000$/, 'Z')).toString();
  } catch {
    return undefined;
  }
}

function recordOf(
  cve: string,
  { epss, scored, model }: { readonly epss: number; readonly scored: string; readonly model: string | undefined },
): AdvisoryRecord {
  return {
    id: cve,
    source: 'epss',
    aliases: [],
    summary: '',
    published: null,
    modified: scored,
    withdrawn: null,
    severities: [],
    affected: [],
    exploitedSince: null,
    epss,
    ...(model !== undefined && { epssModel: model }),
    malicious: false,
  };
}

function unusable(name: string, line: number, text: string): Failure {
  return new Failure('E0202', `${name} holds a line that is no score`, {
    at: `${name}:${line}:1`,
    why: `expected "CVE-…,probability,percentile", found "${text.slice(0, 60)}"`,
    kept: 'the scores of the last good file stay in force',
    hint: 'the next look reads it again',
    retryable: true,
  });
}
