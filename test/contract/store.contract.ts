import { suite } from 'node:test';
import { factContract } from './fact-store.contract.ts';
import type { FreshStore } from './fresh-store.ts';
import { obligationContract } from './obligation-store.contract.ts';
import { readerContract } from './reader.contract.ts';
import { subjectContract } from './subjects.contract.ts';
import { tamperContract } from './tamper.contract.ts';
import { withheldContract } from './withheld.contract.ts';
import { workContract } from './work-stores.contract.ts';

/** What every store must do, whichever engine is under it. */
export function storeContract(engine: string, fresh: FreshStore): void {
  suite(`facts on ${engine}`, () => factContract(fresh));
  suite(`payloads withheld on ${engine}`, () => withheldContract(fresh));
  suite(`a ledger tampered with on ${engine}`, () => tamperContract(fresh));
  suite(`facts by subject on ${engine}`, () => subjectContract(fresh));
  suite(`work on ${engine}`, () => workContract(fresh));
  suite(`reading on ${engine}`, () => readerContract(fresh));
  suite(`obligations on ${engine}`, () => obligationContract(fresh));
}
