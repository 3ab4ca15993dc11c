/** Something wrong with a ledger, and where. */
export interface ChainFinding {
  /** The fact at which it shows; 0 = before the first. */
  readonly seq: number;
  readonly kind: FindingKind;
  /** One sentence for people. */
  readonly message: string;
}

export type FindingKind =
  | 'hash'
  | 'prev'
  | 'order'
  | 'gap'
  | 'recorded-at'
  | 'payload'
  | 'duplicate'
  | 'head'
  /** A signed head that is no good, or none where one is asked for. */
  | 'signature'
  /** Facts at the end that nobody signed, where signatures are asked for. */
  | 'unsigned'
  /** A payload that is gone, and no fact that says why. */
  | 'absent'
  /** Evidence that is missing or damaged. */
  | 'evidence'
  /** A file of a bundle is not what its maker wrote. */
  | 'file';
