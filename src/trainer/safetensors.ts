/**
 * Named float32 arrays and texts in one file, in the safetensors layout that other tools read too: the length of a JSON
 * header (8 bytes, little-endian), the header with the shape and place of each array, then the numbers.
 */
import { fail } from "../diagnostics.js";

export interface NamedArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly arrays: Readonly<Record<string, NamedArray>>;
}

const LENGTH_BYTES = 8;
const METADATA = "__metadata__";
const FLOAT_BYTES = 4;

export function encodeTensors({ metadata, arrays }: TensorFile): Uint8Array {
  let end = 0;
  const entries = Object.entries(arrays).map(([name, { shape, values }]): [string, unknown] => {
    const start = end;
    end += values.length * FLOAT_BYTES;
    return [name, { dtype: "F32", shape, data_offsets: [start, end] }];
  });
  const header = Object.fromEntries([[METADATA, metadata], ...entries]);
  const text = new TextEncoder().encode(JSON.stringify(header));
  // The header is padded by spaces, so that the numbers lie at multiples of 8.
  const headerLength = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES;
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + end).fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.set(text, LENGTH_BYTES);
  let position = LENGTH_BYTES + headerLength;
  for (const { values } of Object.values(arrays)) {
    for (const value of values) {
      view.setFloat32(position, value, true);
      position += FLOAT_BYTES;
    }
  }
  return bytes;
}

/** Inverse of {@link encodeTensors}. @throws DiagnosticError BMN0901 */
export function decodeTensors(bytes: Uint8Array): TensorFile {
  if (bytes.length < LENGTH_BYTES) refuse("it is too short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getBigUint64(0, true);
  if (headerLength > BigInt(bytes.length - LENGTH_BYTES)) refuse("its header is cut short");
  const start = LENGTH_BYTES + Number(headerLength);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start));
  // Pairs, as a name may be one that assignment takes for something else.
  const metadata: [string, string][] = [];
  const places: (Place & { readonly name: string })[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (!isRecord(entry)) refuse(`${name} has no description`);
    if (name === METADATA) {
      for (const [key, value] of Object.entries(entry)) {
        if (typeof value !== "string") refuse(`${METADATA}.${key} is no text`);
        metadata.push([key, value]);
      }
    } else {
      places.push({ name, ...readPlace(name, entry) });
    }
  }
  checkCover(places, bytes.length - start);
  const arrays = places.map(({ name, shape, from, to }): [string, NamedArray] => {
    const count = (to - from) / FLOAT_BYTES;
    const valueAt = (_: unknown, index: number): number => view.getFloat32(start + from + index * FLOAT_BYTES, true);
    return [name, { shape, values: Float32Array.from({ length: count }, valueAt) }];
  });
  return { metadata: Object.fromEntries(metadata), arrays: Object.fromEntries(arrays) };
}

/** Where an array lies, in bytes after the header. */
interface Place {
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** Arrays lie one after the other without gaps, so that together they take no more memory than the file. */
function checkCover(places: readonly (Place & { readonly name: string })[], length: number): void {
  let end = 0;
  for (const { name, from, to } of places.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) refuse(`${name} does not begin where the array before it ends`);
    end = to;
  }
  if (end !== length) refuse(end > length ? "its numbers are cut short" : "there is more in it than its header says");
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch {
    // Told below.
  }
  return refuse("its header is no JSON object");
}

function readPlace(name: string, entry: Readonly<Record<string, unknown>>): Place {
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32" || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    return refuse(`${name} is no array of float32`);
  }
  const [from = 0, to = 0] = offsets;
  const count = shape.reduce((product, size) => product * size, 1);
  if (to - from !== count * FLOAT_BYTES) refuse(`${name} is not as long as its shape says`);
  return { shape, from, to };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && (each as number) >= 0);
}

function refuse(reason: string): never {
  return fail("BMN0901", `not a checkpoint: ${reason}`, { hint: "begin the training anew without --resume" });
}
