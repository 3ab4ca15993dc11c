import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { Failure } from '../../core/failure.ts';
import {
  encodeRecordedEvent,
  parseRecordedEvent,
  type RecordedEvent,
  type WrittenEvent,
} from '../../formats/replay/recorded-event.ts';

const FILE = 'history.jsonl';
const EVENTS_MAX = 1_000_000;
const LINE_CHARACTERS_MAX = 4 * 1024 ** 2;

export function hasHistory(folder: string): boolean {
  return existsSync(join(folder, FILE));
}

/** All events of `history.jsonl` in a folder. E0904 where there is none or a line is no event, E0205 beyond a million. */
export async function readHistory(folder: string): Promise<readonly RecordedEvent[]> {
  const path = join(folder, FILE);
  if (!existsSync(path)) {
    throw new Failure('E0904', `${folder} holds no history`, {
      why: `there is no ${FILE} in it`,
      kept: 'nothing was replayed',
      hint: 'suture replay HISTORY --from-git golang-vulndb=FOLDER makes one; see docs/how-to/replay-a-history.md',
    });
  }
  const events: RecordedEvent[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    if (events.length >= EVENTS_MAX || line.length > LINE_CHARACTERS_MAX) {
      throw new Failure('E0205', `The history in ${folder} is larger than its bound`, {
        at: `${path}:${number}`,
        why: `allowed are ${EVENTS_MAX} events of ${LINE_CHARACTERS_MAX} characters`,
        kept: 'nothing was replayed',
        hint: 'import a shorter period: --from and --to',
      });
    }
    events.push(parseRecordedEvent(line, `${path}:${number}`));
  }
  return events;
}

/** Writes a history beside and then into its place, so that half of one is never read. Returns how many events it has. */
export async function writeHistory(folder: string, events: AsyncIterable<WrittenEvent>): Promise<number> {
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `${FILE}.unfinished`);
  const out = createWriteStream(unfinished);
  let count = 0;
  try {
    for await (const event of events) {
      count += 1;
      if (!out.write(`${encodeRecordedEvent(event)}\n`)) await new Promise((resolve) => out.once('drain', resolve));
    }
    out.end();
    await finished(out);
    await rename(unfinished, join(folder, FILE));
    return count;
  } catch (error) {
    out.destroy();
    await rm(unfinished, { force: true });
    throw error;
  }
}
