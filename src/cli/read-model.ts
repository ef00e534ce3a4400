import { withSource } from "../diagnostics.js";
import { decodeModel } from "../model/decode.js";
import type { Model } from "../model/types.js";
import { sha256 } from "../run/open-artifact.js";
import type { Context } from "./context.js";
import { MAXIMUM_MODEL_BYTES, readInput, sourceName } from "./files.js";

export interface ReadModel {
  readonly model: Model;
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

/** @throws DiagnosticError BMN0101, BMN0103, and what decoding finds (BMN02xx) */
export async function readModel(path: string, context: Context): Promise<ReadModel> {
  const bytes = await readInput(path, MAXIMUM_MODEL_BYTES, context);
  return { model: withSource(sourceName(path), () => decodeModel(bytes)), sha256: sha256(bytes) };
}
