import { readdirSync } from 'node:fs';

/** What a benchmark measured, and against what: the ratio comes from the same run, so it means the same on any machine. */
export interface Measured {
  readonly figures: Readonly<Record<string, number>>;
  readonly ratio: { readonly against: string; readonly value: number };
}

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'main.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const name = process.argv[2];
if (name === undefined) {
  process.stdout.write(names.map((each) => `${each}\n`).join(''));
} else if (!names.includes(name)) {
  process.stderr.write(`bench: no benchmark is called ${name}; there are: ${names.join(', ')}\n`);
  process.exitCode = 64;
} else {
  const { run } = (await import(`./${name}.ts`)) as { readonly run: () => Promise<Measured> };
  const { figures, ratio } = await run();
  process.stdout.write(`${JSON.stringify({ bench: name, figures, ratio })}\n`);
}
