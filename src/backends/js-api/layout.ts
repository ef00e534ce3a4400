/** Arrays at the boundary of a program, with their lengths as formulas of the entry point's parameters. */
import { add, multiply, shiftRightIndex, toIndex, variable, wordsForIndex } from "../../word/build.js";
import type { ImageInterface, Index, SampleInterface, Space, WordProgram } from "../../word/node.js";

export interface BoundaryArray {
  readonly space: Space;
  /** Elements. */
  readonly length: Index;
}

export interface BoundaryLayout {
  /** The picture or pictures, packed or in bytes: all rows of all channels (of all samples). */
  readonly input: BoundaryArray;
  readonly inputRows: Index;
  readonly inputWidth: Index;
  /** What the program fills, in the order of the entry point's arguments. */
  readonly results: readonly BoundaryArray[];
  /** The packed result; null for scores. */
  readonly packedResult: { readonly rows: Index; readonly width: Index } | null;
  readonly scratchWords: Index;
}

export function layoutOf(program: Pick<WordProgram, "interface" | "scratchWords">): BoundaryLayout {
  const { interface: boundary, scratchWords } = program;
  const size = sizeOf(boundary);
  const inputRows = multiply(size.count, multiply(boundary.inputChannels, size.height));
  const common = {
    input:
      boundary.samples === "bits"
        ? { space: "input" as const, length: multiply(inputRows, wordsForIndex(size.width)) }
        : { space: "bytes" as const, length: multiply(inputRows, size.width) },
    inputRows,
    inputWidth: size.width,
    scratchWords,
  };
  if (boundary.kind === "samples" && boundary.output.kind === "scores") {
    const { classes, limbs } = boundary.output;
    return {
      ...common,
      results: [
        { space: "classes", length: size.count },
        { space: "scores", length: multiply(size.count, classes * limbs) },
      ],
      packedResult: null,
    };
  }
  const packedResult = packedResultOf(boundary, size);
  const length = multiply(packedResult.rows, wordsForIndex(packedResult.width));
  return { ...common, results: [{ space: "output", length }], packedResult };
}

interface Size {
  readonly count: Index;
  readonly height: Index;
  readonly width: Index;
}

function sizeOf(boundary: ImageInterface | SampleInterface): Size {
  return {
    count: boundary.kind === "samples" ? variable("count") : toIndex(1),
    height: boundary.height === null ? variable("height") : toIndex(boundary.height),
    width: boundary.width === null ? variable("width") : toIndex(boundary.width),
  };
}

function packedResultOf(boundary: ImageInterface | SampleInterface, size: Size): { rows: Index; width: Index } {
  if (boundary.kind === "images") {
    const halve = (side: Index): Index => shiftRightIndex(side, boundary.outputHalvings);
    return { rows: multiply(boundary.outputChannels, halve(size.height)), width: halve(size.width) };
  }
  const length = boundary.output.kind === "bits" ? boundary.output.length : 0;
  return { rows: size.count, width: add(length) };
}
