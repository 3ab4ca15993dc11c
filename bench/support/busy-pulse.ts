import type { Store } from '../../src/io/store/open-store.ts';

const STEPS = 500;
const RUNS = 2000;

/** A factory in the midst of its work: a long queue, and as many measured runs as a forecast asks for. */
export async function noteBusyPulse(store: Pick<Store, 'pulse' | 'operations'>, at: Temporal.Instant): Promise<void> {
  for (let run = 0; run < RUNS; run += 1) {
    const target = `package-${run % 300}`;
    await store.operations.append({
      at,
      step: target,
      message: 'build-package: built',
      level: 'info',
      run: { kind: 'build-package', target, seconds: 60 + (run % 17) * 30 },
    });
  }
  await store.pulse.note({
    at,
    lookEverySeconds: 300,
    sources: { watched: 3400, late: [] },
    queue: {
      steps: Array.from({ length: STEPS }, (_, place) => ({
        kind: 'build-package',
        target: `package-${place}`,
        stream: `pkg:generic/package-${place} 1`,
        lines: 3,
      })),
      beyond: { 'build-package': 200 },
      held: [],
      workers: 1,
    },
  });
}
