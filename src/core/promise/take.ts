import type { Fact } from '../fact.ts';
import { fileFact } from './file-fact.ts';
import type { History } from './history.ts';
import type { Pair } from './pair.ts';
import { takeAdvisory, takeAliasCorrection } from './take-advisory.ts';
import { allPairs, takeCorrection } from './take-correction.ts';
import { takeErasure } from './take-erasure.ts';
import { takeConfirmation } from './take-image.ts';
import { takeDeclaration, takeException, takeStatement } from './take-line.ts';
import { takeBuild, takeRelease, takeReleaseWithdrawal, takeStreamEnd, takeVerification } from './take-release.ts';

/** Files one fact and returns the pairs on whose timelines it bears, those that ceased to exist included. */
export function take(history: History, fact: Fact): readonly Pair[] {
  switch (fact.type) {
    case 'advisory-recorded':
      return takeAdvisory(history, fact);
    case 'aliases-corrected':
      return takeAliasCorrection(history, fact);
    case 'release-observed':
      return takeRelease(history, fact);
    case 'release-withdrawn':
      return takeReleaseWithdrawal(history, fact);
    case 'stream-ended':
      return takeStreamEnd(history, fact);
    case 'fix-verified':
      return takeVerification(history, fact);
    case 'package-built':
      return takeBuild(history, fact);
    case 'image-confirmed':
      return takeConfirmation(history, fact);
    case 'line-declared':
      return takeDeclaration(history, fact);
    case 'statement-made':
    case 'statement-withdrawn':
      return takeStatement(history, fact);
    case 'exception-granted':
    case 'exception-ended':
      return takeException(history, fact);
    case 'policy-adopted':
      fileFact(history, fact, { says: fact.payload, lists: [history.policies], subject: { kind: 'policies' } });
      return allPairs(history);
    case 'evidence-corrected':
      return takeCorrection(history, fact);
    case 'payload-erased':
      return takeErasure(history, fact);
    // What was attempted, seen or signed moves no clock: only confirmed bytes, releases and records do.
    case 'looked':
    case 'package-imported':
    case 'image-published':
    case 'image-withdrawn':
    case 'review-decided':
    case 'head-signed':
    // What is sealed says nothing yet; when it opens, a fact of its own says it.
    case 'payload-sealed':
      return [];
  }
}
