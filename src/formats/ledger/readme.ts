/** What a stranger reads first in a bundle. */
export const bundleReadme = `A ledger of Suture
==================

What happened in a factory that keeps container images patched on a promise, fact by fact, each bound to the one before.
Nothing here has to be believed: every digest can be recomputed with common tools.

  facts.jsonl     one fact a line, in order
  heads.jsonl     ends of the chain that the factory signed; keep the last line elsewhere, and compare next time
  keys/           public keys that those signatures are checked with: compare them with keys that you were given
  evidence/       raw bytes that facts rest on, each under its SHA-256
  manifest.json   SHA-256 and size of every file

With Suture:

  suture ledger verify THIS-FOLDER --key KEY-THAT-YOU-TRUST.pub

By hand, for each line of facts.jsonl:

  1. envelope = canonical JSON (RFC 8785: members sorted by name, no white space) of
     at, by, evidence, id, payloadDigest, recordedAt, type, v
  2. hash must be the SHA-256, hex, of the text of prev directly followed by envelope
  3. prev must be the hash of the line before; 64 zeros for the first line
  4. seq counts from 1 without a gap; recordedAt never goes back; no id comes twice
  5. payloadDigest must be "sha256:" and the SHA-256 of the canonical JSON of payload.
     A line without payload is sealed, if the next line says so (payload-sealed), or erased, if a later one says so
     (payload-erased); anything else is a finding
  6. a line of type head-signed names an earlier seq and its hash; its signature is ECDSA P-256 with SHA-256 (DER, Base64)
     over {"hash":"<hash>","seq":<seq>,"type":"application/vnd.suture.ledger-head+json"}

  For example, the first line with jq and sha256sum:

    head -n 1 facts.jsonl | jq -jcS '{at,by,evidence,id,payloadDigest,recordedAt,type,v}' > envelope
    (head -n 1 facts.jsonl | jq -jr .prev; cat envelope) | sha256sum

What is proven: that no fact was changed, removed, put in or dated back since the newest signed head, by anybody without
the factory's key. Facts after that head are signed by nobody: figures that rest on them are not proven. What only a head
that you kept elsewhere proves: that the ledger was not cut off behind an older one.
`;
