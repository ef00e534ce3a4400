/**
 * Portable bitmaps and graymaps (P1, P2, P4, P5). A set bit of a bitmap is a set bit of the network: it reads as 255,
 * as white does in the other formats, although viewers show it in black.
 */
import { fail } from "../../diagnostics.js";
import { checkRasterSize, type Raster } from "./raster.js";
import { unpackSamples } from "./samples.js";

type Variant = { readonly bitmap: boolean; readonly plain: boolean };

const VARIANTS: Readonly<Record<string, Variant>> = {
  P1: { bitmap: true, plain: true },
  P2: { bitmap: false, plain: true },
  P4: { bitmap: true, plain: false },
  P5: { bitmap: false, plain: false },
};

/** Whether the file starts like one of the formats that {@link decodePnm} reads. */
export function isPnm(bytes: Uint8Array): boolean {
  return VARIANTS[magicOf(bytes)] !== undefined;
}

function magicOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 2));
}

/** @throws DiagnosticError BMN0602, BMN0604 (samples that 8 bits do not hold), BMN0605 */
export function decodePnm(bytes: Uint8Array): Raster {
  const variant = VARIANTS[magicOf(bytes)];
  if (variant === undefined) fail("BMN0602", "the picture does not start with P1, P2, P4 or P5");
  const cursor = new Cursor(bytes, 2);
  const width = cursor.integer("width");
  const height = cursor.integer("height");
  checkRasterSize(height, width);
  const maximum = variant.bitmap ? 1 : cursor.integer("greatest gray value");
  const scale = scaleOf(maximum);
  const pixels = height * width;
  if (variant.plain) {
    const samples = variant.bitmap ? cursor.plainBits(pixels) : cursor.plainSamples(pixels, maximum);
    cursor.end();
    return { height, width, channels: [samples.map((sample) => sample * scale)] };
  }
  cursor.singleSpace();
  const rowBytes = variant.bitmap ? Math.ceil(width / 8) : width;
  const data = cursor.rest();
  if (data.length !== rowBytes * height) {
    fail("BMN0602", `the picture has ${data.length} bytes of pixels instead of ${rowBytes * height}`, {
      hint: "one picture a file, nothing after it",
    });
  }
  if (variant.bitmap) return { height, width, channels: [unpackSamples(data, height, width, 1, scale)] };
  if (maximum < 255 && data.some((sample) => sample > maximum)) {
    fail("BMN0602", `a sample exceeds the greatest gray value ${maximum}`);
  }
  return { height, width, channels: [scale === 1 ? data.slice() : data.map((sample) => sample * scale)] };
}

/** Factor that takes 0 … maximum to 0 … 255 exactly. */
function scaleOf(maximum: number): number {
  if (maximum < 1) fail("BMN0602", "the greatest gray value is 0");
  if (maximum > 255 || 255 % maximum !== 0) {
    fail("BMN0604", `gray values from 0 to ${maximum} do not scale to 8 bits without loss`, {
      hint: "save the picture with gray values from 0 to 255",
    });
  }
  return 255 / maximum;
}

const NEWLINE = 0x0a;
const HASH = 0x23;
const ZERO = 0x30;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** Reads the tokens of a portable anymap; `#` starts a comment up to the end of the line. */
class Cursor {
  readonly #bytes: Uint8Array;
  #position: number;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#position = position;
  }

  integer(what: string): number {
    this.#skipSpace();
    let value = 0;
    let digits = 0;
    for (; this.#digit() !== null; this.#position++, digits++) value = value * 10 + (this.#digit() ?? 0);
    if (digits === 0) fail("BMN0602", `the picture has no ${what}`, { path: `byte ${this.#position}` });
    if (digits > 7) fail("BMN0605", `the picture's ${what} has ${digits} digits`);
    return value;
  }

  plainSamples(count: number, maximum: number): Uint8Array {
    this.#checkRemaining(count);
    const samples = new Uint8Array(count);
    for (let index = 0; index < count; index++) {
      const sample = this.integer("more samples");
      if (sample > maximum) fail("BMN0602", `the sample ${sample} exceeds the greatest gray value ${maximum}`);
      samples[index] = sample;
    }
    return samples;
  }

  /** Digits 0 and 1, with or without space between them. */
  plainBits(count: number): Uint8Array {
    this.#checkRemaining(count);
    const samples = new Uint8Array(count);
    for (let index = 0; index < count; index++) {
      this.#skipSpace();
      const digit = this.#digit();
      if (digit !== 0 && digit !== 1) {
        fail("BMN0602", "a pixel is neither 0 nor 1", { path: `byte ${this.#position}` });
      }
      samples[index] = digit;
      this.#position++;
    }
    return samples;
  }

  /** The one white-space byte between the header and raw samples. */
  singleSpace(): void {
    if (!isSpace(this.#bytes[this.#position])) fail("BMN0602", "the picture's header does not end in white space");
    this.#position++;
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#position);
  }

  end(): void {
    this.#skipSpace();
    if (this.#position < this.#bytes.length) {
      fail("BMN0602", "the picture goes on after its last pixel", { path: `byte ${this.#position}` });
    }
  }

  /** Every plain sample takes a byte at least: memory is not reserved for pixels that cannot be there. */
  #checkRemaining(count: number): void {
    if (this.#bytes.length - this.#position < count) fail("BMN0602", "the picture ends before its last pixel");
  }

  #digit(): number | null {
    const byte = this.#bytes[this.#position];
    return byte !== undefined && byte >= ZERO && byte <= ZERO + 9 ? byte - ZERO : null;
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#position];
      if (byte === HASH) {
        while (this.#position < this.#bytes.length && this.#bytes[this.#position] !== NEWLINE) this.#position++;
      } else if (!isSpace(byte)) {
        return;
      }
      this.#position++;
    }
  }
}
