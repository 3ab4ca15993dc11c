import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Policy } from '../core/promise/policy.ts';
import { readPolicy } from '../formats/catalog/policy-file.ts';
import { readYaml } from '../formats/catalog/yaml-file.ts';
import { folderBlobs } from '../io/blobs/folder-blobs.ts';
import { writeFileDurably } from '../io/files/write-file-durably.ts';
import { publicKeyFile, signerAt } from '../io/signing/keys.ts';
import { trustedKeys } from '../io/signing/trusted-keys.ts';
import type { ReportCommandDeps } from '../serve/cli/report.ts';
import type { ReportFacts } from '../serve/look-up-report.ts';
import type { ProofDeps } from '../serve/proof/proven-file.ts';
import { openReading } from './open-reading.ts';
import { placesFrom } from './places-from.ts';
import { programVersion } from './program-version.ts';

/** `suture report`: reads the ledger and the inventories that it rests on; writes nothing but the file asked for. */
export async function openReport(cwd: string): Promise<ReportCommandDeps> {
  const reading = await openReading(cwd);
  return {
    now: reading.now,
    notice: reading.notice,
    summary: reading.summary,
    ...(await reportSource(cwd, reading)),
    policyFile: (path) => policyFrom(resolve(cwd, path), path),
    write: (path, text) => written(resolve(cwd, path), text),
    close: () => reading.close(),
  };
}

/** What reports are made from, and what those carry that prove themselves. */
export async function reportSource(
  cwd: string,
  { chain }: Pick<Awaited<ReturnType<typeof openReading>>, 'chain'>,
): Promise<ReportFacts & ProofDeps> {
  const places = await placesFrom(cwd);
  const blobs = folderBlobs(places.blobs);
  return {
    chain,
    inventory: (digest) => blobs.get(digest),
    program: async () => await (await import('./proof-program.ts')).proofProgram(),
    publicKey: () => readFile(join(places.keys, publicKeyFile), 'utf8').catch(() => null),
    trustedKeys: () => trustedKeys({ folder: places.keys }),
    signer: async () => (await signerAt(places.keys)) ?? null,
    version: programVersion,
  };
}

/** The file is named as the user named it in what is said about it. */
async function policyFrom(path: string, named: string): Promise<Policy> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('E0904', `the policy ${named} cannot be read`, { at: path, kept: 'nothing was written', cause });
  });
  const yaml = readYaml(named, text);
  if (yaml instanceof Failure) throw yaml;
  const shaped = readPolicy(yaml);
  if (shaped.kind === 'shaped') return shaped.value;
  throw shaped.problems[0] ?? new Failure('E0101', `${named} is no policy`);
}

async function written(path: string, text: string): Promise<void> {
  await writeFileDurably(path, text).catch((cause: unknown) => {
    throw new Failure('E0904', 'the report cannot be written there', { at: path, kept: 'nothing was written', cause });
  });
}
