/**
 * Where `run` writes: a file name, in which `%p` stands for the name of the input picture without folder and ending,
 * and `%c` for the number of the output channel. Without `%c`, the channels stand side by side in one picture.
 */
import { basename, extname } from "node:path";
import { UsageError } from "./context.js";
import { STREAM } from "./files.js";

export interface OutputPattern {
  /** `stream` is a PNG picture on standard output. */
  readonly format: "png" | "pbm" | "stream";
  /** One file per channel. */
  readonly perChannel: boolean;
  pathOf(input: string, channel: number): string;
}

/** @throws UsageError for another ending, or one name for several pictures */
export function parseOutputPattern(text: string, inputs: readonly string[]): OutputPattern {
  const several = inputs.length > 1;
  if (text === STREAM) {
    if (several) throw new UsageError("--output - takes one picture");
    return { format: "stream", perChannel: false, pathOf: () => text };
  }
  const ending = extname(text).toLowerCase();
  if (ending !== ".png" && ending !== ".pbm") {
    throw new UsageError(`--output ${text}: pictures are written as .png or .pbm`);
  }
  if (several && !text.includes("%p")) {
    throw new UsageError(`--output ${text}: put %p into the name, it stands for the name of each picture`);
  }
  return {
    format: ending === ".png" ? "png" : "pbm",
    perChannel: text.includes("%c"),
    pathOf: (input, channel) => text.replaceAll("%p", () => pictureName(input)).replaceAll("%c", String(channel)),
  };
}

/** `a.png+b.png` is named for its first file. */
function pictureName(input: string): string {
  const [first = ""] = input.split("+");
  return first === STREAM ? "stdin" : basename(first, extname(first));
}
