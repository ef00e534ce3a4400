/** What a network reads and what it answers, in every evaluator, interpreter and runner. */
import type { BitImage } from "./bit-image.js";

/** One picture: packed binary channels, or gray channels of one byte a pixel, row-major. All channels have one size. */
export type Picture =
  | { readonly kind: "bits"; readonly height: number; readonly width: number; readonly channels: readonly BitImage[] }
  | {
      readonly kind: "bytes";
      readonly height: number;
      readonly width: number;
      readonly channels: readonly Uint8Array[];
    };

/** What a compiled network answers for one picture. */
export type Outcome =
  | { readonly kind: "images"; readonly images: readonly BitImage[] }
  /** One entry, 0 or 1, per element of the output vector. */
  | { readonly kind: "bits"; readonly bits: Uint8Array }
  /** `scores[j]·2^exponent` is the exact pre-activation z_j; `class` is the first arg max. */
  | { readonly kind: "scores"; readonly class: number; readonly scores: readonly bigint[] };
