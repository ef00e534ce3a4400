/** Many small pictures on one large one. */

/** A gray picture of bytes, row-major. */
export interface GrayTile {
  readonly height: number;
  readonly width: number;
  readonly samples: Uint8Array;
}

/** Tells tiles from each other, and from black and white. */
const GROUND = 96;

/** Most pixels of a sheet. */
const MOST_PIXELS = 2 ** 25;

/** Side, in pixels, that small tiles are enlarged to reach. */
const WANTED_SIDE = 120;

export interface SheetLayout {
  /** Pixels of the sheet along a pixel of a tile. */
  readonly scale: number;
  readonly gap: number;
}

/** How large tiles of one size are drawn: enlarged by a whole number, with a gap between them. */
export function layoutOf(height: number, width: number): SheetLayout {
  return { scale: Math.max(1, Math.floor(WANTED_SIDE / Math.max(height, width))), gap: 4 };
}

/** Number of tiles of one size that a sheet has room for. */
export function mostTiles(height: number, width: number): number {
  const { scale, gap } = layoutOf(height, width);
  return Math.max(1, Math.floor(MOST_PIXELS / ((height * scale + gap) * (width * scale + gap))));
}

/** Rows of tiles, all of one size; a row may have fewer tiles than others. */
export function drawSheet(rows: readonly (readonly GrayTile[])[]): GrayTile {
  const [first] = rows.flat();
  const { height: tileHeight, width: tileWidth } = first ?? { height: 0, width: 0 };
  const { scale, gap } = layoutOf(tileHeight, tileWidth);
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const height = gap + rows.length * (tileHeight * scale + gap);
  const width = gap + columns * (tileWidth * scale + gap);
  const samples = new Uint8Array(height * width).fill(GROUND);
  rows.forEach((row, rowIndex) => {
    row.forEach((tile, column) => {
      const top = gap + rowIndex * (tileHeight * scale + gap);
      const left = gap + column * (tileWidth * scale + gap);
      for (let y = 0; y < tileHeight * scale; y++) {
        for (let x = 0; x < tileWidth * scale; x++) {
          const from = Math.floor(y / scale) * tileWidth + Math.floor(x / scale);
          samples[(top + y) * width + left + x] = tile.samples[from] ?? 0;
        }
      }
    });
  });
  return { height, width, samples };
}
