/** How one ecosystem orders its versions. */
export interface VersionOrder {
  /** Undefined when it has no place for this text. */
  place(version: string): Place | undefined;
  /** Whether it precedes a release: a candidate, an alpha, a commit between two releases. */
  isPrerelease(version: string): boolean;
}

export interface Place {
  /** Keys of one scheme compare as versions do; the first character is above `\x00`. */
  readonly key: string;
  /** A version as the ecosystem writes them; else it only keeps its tools' order among such texts. */
  readonly isValid: boolean;
}
