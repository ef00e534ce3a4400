/** What a machine offers, as far as lowering and printing care. */
export interface Target {
  readonly name: string;
  readonly description: string;
  readonly backend: "c" | "js" | "wasm";
  /** 32-bit words that vector functions handle at once: 1, 4, 8 or 16. */
  readonly lanes: 1 | 4 | 8 | 16;
}
