/** The part of a picture that is worked on at a time: so many rows, of so many 32-bit words at most. */
export interface Tile {
  readonly rows: number;
  readonly words: number;
}

/** Some planes of 2048 pixels a row fit 32 KB. */
export const DEFAULT_TILE: Tile = { rows: 64, words: 64 };

/** What a machine offers, as far as lowering and printing care. */
export interface Target {
  readonly name: string;
  readonly description: string;
  readonly backend: "c" | "js" | "wasm";
  /** 32-bit words that vector functions handle at once: 1, 4, 8 or 16. */
  readonly lanes: 1 | 4 | 8 | 16;
  readonly tile: Tile;
  /** The bits across two words in one operation; elsewhere it takes two shifts and an or. */
  readonly hasFunnelShift: boolean;
  /** Vectors are moved by one lane in one operation, which costs less than a load across cache lines. */
  readonly movesLanes: boolean;
}
