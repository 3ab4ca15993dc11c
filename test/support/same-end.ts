import assert from 'node:assert/strict';
import { isPublished, type WorldEnd } from './made-up-world.ts';

/** An interrupted story ends like the one that was not: only times may differ. */
export function assertSameEnd(end: WorldEnd, whole: WorldEnd, when: string): void {
  assert.deepEqual(end.trouble, [], when);
  assert.deepEqual(end.images, whole.images, when);
  assert.deepEqual(publications(end), publications(whole), when);
  assert.deepEqual(kinds(end), kinds(whole), when);
  assert.deepEqual(standings(end), standings(whole), when);
  assert.deepEqual(attachments(end), attachments(whole), when);
  assert.deepEqual(end.signatures.values().toArray(), whole.signatures.values().toArray(), when);
  assert.deepEqual(end.leftovers, [], when);
}

/** One for each line and composition: a list, so that a second one shows. */
function publications({ facts }: WorldEnd): readonly string[] {
  return facts
    .filter(isPublished)
    .map(({ payload }) => `${payload.line} ${payload.composition} ${payload.digest}`)
    .sort();
}

/** How many facts of each type there are; how often the head is signed depends on times. */
function kinds({ facts }: WorldEnd): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of facts) if (type !== 'head-signed') counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function standings({ obligations }: WorldEnd): readonly string[] {
  return obligations
    .map(({ id, vulnerability, line, standing }) => `${id} ${vulnerability} ${line} ${standing}`)
    .sort();
}

function attachments({ attached }: WorldEnd): readonly string[] {
  const statements = attached.map(({ subject, statement }) => `${subject} ${statement}`);
  assert.equal(new Set(statements).size, statements.length, 'no statement is attached twice');
  return attached.map(({ subject, predicateType }) => `${subject} ${predicateType}`).sort();
}
