import type { Component } from '../../core/match/inventory.ts';
import type { Distribution } from '../inventory/distribution.ts';

/** One thing that a bill of materials lists, in the words that CycloneDX and SPDX share. */
export interface SbomEntry {
  readonly name: string;
  readonly version: string;
  readonly purl: string | null;
  /** Further ones that the document gives it: of other repositories, of what it is upstream, as somebody concluded. */
  readonly otherPurls: readonly string[];
  readonly license: string;
  /** The source package that it is built from, where the document says so outside of the purl. */
  readonly origin: { readonly name: string; readonly version: string | null } | null;
  /** The document says that it is an installed package, whatever its purl is. */
  readonly isPackage: boolean;
  readonly architecture: string;
  /** How it is inside of its owner, where the document says so. */
  readonly edge: Component['edge'] | null;
  /** Name of the installed package that it belongs to. */
  readonly owner: string | null;
  readonly location: string | null;
  readonly patched: readonly string[];
}

/** What a reader of one format makes of a document. */
export interface ReadSbom {
  readonly format: string;
  readonly entries: readonly SbomEntry[];
  /** The distribution that it describes, null where it does not say. */
  readonly distribution: Distribution | null;
}

/** More than any image or product holds. */
export const sbomEntriesMax = 500_000;
