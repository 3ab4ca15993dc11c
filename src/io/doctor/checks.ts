import { check } from './check.ts';
import type { DoctorCheck } from './check.ts';
import { lookAtApt } from './look-at-apt.ts';
import { lookAtClock } from './look-at-clock.ts';
import { lookAtDisk, lookAtStore } from './look-at-folders.ts';
import { lookAtEmulator, lookAtGit, lookAtNode, lookAtTool } from './look-at-programs.ts';
import { lookAtRegistryPort } from './look-at-registry-port.ts';
import { lookAtBuildRoot, lookAtIsolation, lookAtLimits } from './look-at-sandbox.ts';

export interface DoctorSettings {
  /** Folder of the factory's own files (`.suture`); it need not exist yet. */
  readonly stateFolder: string;
  /** The embedded registry's port; null where another registry is used. */
  readonly registryPort: number | null;
  /** Root folder or layout that builds run in; null where there is no catalog. */
  readonly buildRoot: string | null;
  readonly now: () => Temporal.Instant;
  /** When the newest fact was recorded; null where there is no ledger. */
  readonly lastRecordedAt: Temporal.Instant | null;
}

/** Looks at this machine, each look for at most 10 s, all at once; never throws. */
export function runChecks(settings: DoctorSettings): Promise<readonly DoctorCheck[]> {
  const { stateFolder, registryPort, buildRoot } = settings;
  return Promise.all([
    check('node', true, lookAtNode),
    check('git', true, lookAtGit),
    check('sandbox', true, lookAtIsolation),
    check('limits', false, lookAtLimits),
    ...(buildRoot === null ? [] : [check('build root', true, () => lookAtBuildRoot(buildRoot))]),
    check('disk', true, () => lookAtDisk(stateFolder)),
    check('store', true, () => lookAtStore(stateFolder)),
    check('clock', true, () => lookAtClock(settings)),
    ...(registryPort === null ? [] : [check('registry', true, () => lookAtRegistryPort(registryPort))]),
    check('apt', false, lookAtApt),
    check('emulator', false, lookAtEmulator),
    ...OPTIONAL_TOOLS.map(({ name, use }) => check(name, false, () => lookAtTool(name, use))),
  ]);
}

const OPTIONAL_TOOLS = [
  { name: 'cosign', use: 'others can verify signatures without it; it shows that they can' },
  { name: 'skopeo', use: 'copies images between registries' },
  { name: 'runc', use: 'runs a published image as an engine would' },
] as const;
