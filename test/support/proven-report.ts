import { generateKeyPairSync } from 'node:crypto';
import { signerOf } from '../../src/formats/dsse/signing-key.ts';
import { defaultPolicy } from '../../src/core/promise/policy.ts';
import { lookUpReport, type ReportWish } from '../../src/serve/look-up-report.ts';
import { provenFile } from '../../src/serve/proof/proven-file.ts';
import { proofProgram } from '../../src/wire/proof-program.ts';
import { MADE_UP } from './literal-world.ts';
import { NOW } from './obligation.ts';
import { literalReport } from './report-story.ts';

/** The quarter in which everything happens once, with signed heads, as a file that proves itself; `moved`: made by another key than signed the heads. */
export async function provenReport(wish: Partial<ReportWish> = {}, { moved = false } = {}): Promise<string> {
  const signer = newSigner();
  const before = moved ? newSigner() : signer;
  const deps = {
    ...literalReport({ signer: before, signEvery: 10 }),
    now: () => NOW,
    notice: MADE_UP,
    summary: async () => ({ name: 'acme images', policy: defaultPolicy }),
  };
  const made = await lookUpReport(
    { period: '2026-Q3', asOf: NOW, line: null, whatIf: null, sample: null, ...wish },
    deps,
  );
  const publicKey = async () => signer.publicKey;
  const trustedKeys = async () => new Map([[before.keyId, before.publicKey]]);
  const keys = { publicKey, trustedKeys, signer: async () => signer };
  return await provenFile(made, { program: proofProgram, ...keys, version: '0.1.0' });
}

function newSigner() {
  return signerOf(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);
}
