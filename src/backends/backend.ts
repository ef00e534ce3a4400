import type { Target } from "../target/target.js";
import type { WordProgram } from "../word/node.js";

/** A generated file, relative to the output folder. */
export interface Artifact {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** What every generated file says about itself. */
export interface Header {
  /** Tool name and version. */
  readonly tool: string;
  /** Options that changed the output, as on the command line. */
  readonly options: string;
  readonly modelSha256: string;
  /** SPDX licence expression chosen by the user, or null. */
  readonly license: string | null;
  /** Grade of the network and what it means, one line. */
  readonly grade: string;
}

/** Prints a program for one family of targets. Loads its library when `emit` is called, not before. */
export interface Backend {
  readonly name: "c" | "js" | "wasm";
  emit(program: WordProgram, target: Target, header: Header): Promise<readonly Artifact[]>;
}
