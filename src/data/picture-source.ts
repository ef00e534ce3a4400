/** Binary pictures of one channel and one size, by index: what an operator is learned on. */
export interface PictureSource {
  /** In one line without paths. */
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Null where pictures are drawn without end. */
  readonly count: number | null;
  /** @param pixels `[height][width]`, receives 0 and 1 */
  read(index: number, pixels: Uint8Array): void;
}
