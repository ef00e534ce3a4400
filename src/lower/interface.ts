import { InternalError } from "../diagnostics.js";
import type { ImageInterface, SampleInterface } from "../word/node.js";
import { nodeOf, type Schedule } from "./schedule.js";
import { scoresOutput } from "./scores.js";

/** What the generated code takes and gives. */
export function interfaceOf(schedule: Schedule): ImageInterface | SampleInterface {
  const { module, types } = schedule;
  const { channels, height, width, samples } = module.input;
  const [output] = module.outputs;
  if (output === undefined) throw new InternalError("no output");
  const type = types[output];
  const node = nodeOf(module, output);
  if (type?.kind === "image") {
    return {
      kind: "images",
      inputChannels: channels,
      samples,
      height,
      width,
      outputChannels: module.outputs.length,
      outputHalvings: type.halvings,
    };
  }
  if (height === null || width === null) throw new InternalError("a vector needs a fixed input size");
  const common = { kind: "samples", inputChannels: channels, samples, height, width } as const;
  if (node.kind === "readout") return { ...common, output: scoresOutput(node) };
  if (type?.kind === "vector") return { ...common, output: { kind: "bits", length: type.length } };
  throw new InternalError("an output is no image, vector or read-out");
}
