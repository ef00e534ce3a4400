import protobuf from "protobufjs/minimal.js";
import { DiagnosticError, fail } from "../diagnostics.js";
import { type FieldDescriptor, MESSAGES, Model as ModelCodec, type Model as ModelMessage } from "../gen/model.js";
import { readModelJson } from "./json.js";
import { REPEATED_LIMITS } from "./limits.js";
import type { Model } from "./types.js";
import { readModel } from "./validate.js";

const LENGTH_DELIMITED = 2;
/** JavaScript strings end here; the largest model in JSON is a little over half of it. */
const LONGEST_TEXT = 2 ** 29 - 24;

/** Name and descriptor of each field, by message and number. */
const FIELDS_BY_ID: ReadonlyMap<string, ReadonlyMap<number, readonly [string, FieldDescriptor]>> = new Map(
  Object.entries(MESSAGES).map(([message, fields]) => [
    message,
    new Map(Object.entries(fields).map(([name, field]) => [field.id, [name, field]])),
  ]),
);

/**
 * Reads a model file: protobuf, or the same messages as protobuf JSON when the first character is `{`. Unknown fields
 * are passed over in protobuf and refused in JSON.
 * @throws DiagnosticError BMN0103 and BMN0201 … BMN0210, all that is wrong up to twenty
 */
export function decodeModel(bytes: Uint8Array): Model {
  if (looksLikeJson(bytes)) return readModel(readModelJson(decodeText(bytes)));
  const message = decodeMessage(bytes);
  if ((message.formatVersion ?? 0) === 0) refuseBytes();
  return readModel(message);
}

function looksLikeJson(bytes: Uint8Array): boolean {
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let index = hasByteOrderMark ? 3 : 0;
  while (bytes[index] === 0x20 || bytes[index] === 0x0a || bytes[index] === 0x0d || bytes[index] === 0x09) index++;
  return bytes[index] === 0x7b;
}

function decodeText(bytes: Uint8Array): string {
  if (bytes.length > LONGEST_TEXT)
    fail("BMN0103", `a JSON text of ${bytes.length} bytes`, { hint: "use the binary form" });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    fail("BMN0209", "the JSON text is not valid UTF-8");
  }
}

function decodeMessage(bytes: Uint8Array): ModelMessage {
  // A plain view: the reader of Node's buffers is another class.
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    countEntries(protobuf.Reader.create(view), view.length, "Model", new Map());
    const reader = protobuf.Reader.create(view);
    reader.discardUnknown = true;
    return ModelCodec.decode(reader);
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    refuseBytes();
  }
}

function refuseBytes(): never {
  fail("BMN0201", "the bytes are not a BiMoNN model", {
    hint: "a model is a .pb or .json file in the format bimonn.v1",
  });
}

/**
 * Counts the entries of the repeated fields before anything is allocated for them: an empty message takes two bytes in
 * a file and a hundred in memory. The nesting of the schema bounds the recursion.
 */
function countEntries(reader: protobuf.Reader, end: number, messageName: string, counts: Map<string, number>): void {
  const fields = FIELDS_BY_ID.get(messageName);
  while (reader.pos < end) {
    const tag = reader.uint32();
    const wireType = tag & 7;
    const [name, field] = fields?.get(tag >>> 3) ?? [];
    const start = reader.pos;
    if (field === undefined || wireType !== LENGTH_DELIMITED) {
      reader.skipType(wireType);
      if (field?.repeated === true) count(`${messageName}.${name}`, 1, counts);
      continue;
    }
    const length = reader.uint32();
    if (reader.pos + length > end) throw new RangeError(`a field of ${length} bytes at ${start} has no end`);
    if (field.repeated) count(`${messageName}.${name}`, field.kind === "message" ? 1 : length, counts);
    if (field.kind === "message") countEntries(reader, reader.pos + length, field.type, counts);
    else reader.pos += length;
  }
}

function count(qualifiedName: string, entries: number, counts: Map<string, number>): void {
  const limit = REPEATED_LIMITS[qualifiedName];
  if (limit === undefined) return;
  const total = (counts.get(qualifiedName) ?? 0) + entries;
  if (total > limit) fail("BMN0205", `more than ${limit} entries of ${qualifiedName}`);
  counts.set(qualifiedName, total);
}
