/**
 * The IDX format of the MNIST files: two zero bytes, the type of the elements (8: unsigned bytes), the number of
 * dimensions, each dimension as a big-endian 32-bit integer, then the elements, row-major (Y. LeCun, C. Cortes, C. J. C.
 * Burges, "The MNIST database of handwritten digits").
 */
import { fail, InternalError } from "../diagnostics.js";

/** An array of bytes of any number of dimensions. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  /** As many as the product of the dimensions, row-major; shares memory with what was decoded. */
  readonly samples: Uint8Array;
}

/** Largest IDX file, in bytes, without compression. */
export const MAXIMUM_IDX_BYTES = 2 ** 30;

const UNSIGNED_BYTE = 8;
const MOST_DIMENSIONS = 4;

/** Types of elements that exist and are not read. */
const OTHER_TYPES: Readonly<Record<number, string>> = {
  9: "signed bytes",
  11: "16-bit integers",
  12: "32-bit integers",
  13: "32-bit floats",
  14: "64-bit floats",
};

/**
 * Reads the header and hands out the elements without a copy, so that it takes no memory.
 * @throws DiagnosticError BMN0802
 */
export function decodeIdx(bytes: Uint8Array): IdxArray {
  if (bytes.length < 4) fail("BMN0802", `${bytes.length} bytes are less than the start of an IDX file`, { hint: HINT });
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    fail("BMN0802", "the file does not begin with two zero bytes, as IDX files do", {
      path: "byte 0",
      hint: bytes[0] === 0x1f && bytes[1] === 0x8b ? "it is compressed: give its name the ending .gz" : HINT,
    });
  }
  const type = bytes[2] ?? 0;
  if (type !== UNSIGNED_BYTE) {
    const found = OTHER_TYPES[type] ?? `elements of type ${type}`;
    fail("BMN0802", `the file holds ${found}, not unsigned bytes`, { path: "byte 2", hint: HINT });
  }
  const rank = bytes[3] ?? 0;
  if (rank < 1 || rank > MOST_DIMENSIONS) {
    fail("BMN0802", `the file has ${rank} dimensions, not 1 to ${MOST_DIMENSIONS}`, { path: "byte 3", hint: HINT });
  }
  const start = 4 + 4 * rank;
  if (bytes.length < start) fail("BMN0802", "the file ends inside its header", { hint: HINT });
  const view = new DataView(bytes.buffer, bytes.byteOffset, start);
  const dimensions = Array.from({ length: rank }, (_, index) => view.getUint32(4 + 4 * index));
  const expected = dimensions.reduce((product, each) => product * each, 1);
  const found = bytes.length - start;
  if (found !== expected) {
    fail("BMN0802", `the header promises ${dimensions.join("×")} bytes, ${expected} in all, but ${found} follow`, {
      path: `byte ${start}`,
      hint: HINT,
    });
  }
  return { dimensions, samples: bytes.subarray(start) };
}

const HINT = "the file may be truncated, or of another format; fetch it again";

/** Inverse of {@link decodeIdx}. */
export function encodeIdx({ dimensions, samples }: IdxArray): Uint8Array {
  if (dimensions.reduce((product, each) => product * each, 1) !== samples.length) {
    throw new InternalError("samples do not fill the dimensions");
  }
  const start = 4 + 4 * dimensions.length;
  const bytes = new Uint8Array(start + samples.length);
  const view = new DataView(bytes.buffer);
  bytes[2] = UNSIGNED_BYTE;
  bytes[3] = dimensions.length;
  dimensions.forEach((each, index) => view.setUint32(4 + 4 * index, each));
  bytes.set(samples, start);
  return bytes;
}
