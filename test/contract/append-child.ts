import { openStore } from '../../src/io/store/open-store.ts';
import { look } from './a-look.ts';

/**
 * Appends batches until there are as many as asked for (or until it is killed), and prints the ids of a batch once it
 * is acknowledged: `node append-child.ts URL NAME BATCHES FACTS-IN-A-BATCH`.
 */
const [url = '', name = '', batches = '', size = ''] = process.argv.slice(2);
const store = await openStore({ url, clock: { now: () => Temporal.Now.instant() } });
for (let batch = 0; batch < Number(batches); batch += 1) {
  const facts = Array.from({ length: Number(size) }, (_, index) => look(`${name}-${batch}-${index}`));
  const appended = await store.facts.append(facts);
  process.stdout.write(`${appended.map((fact) => fact.id).join(' ')}\n`);
}
await store.close();
