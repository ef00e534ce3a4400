/** A network that answers pictures: a model by the interpreter of MorphIR, or an artifact by its own code. */
import { interpretModule } from "../ir/interpret.js";
import type { MorphModule } from "../ir/node.js";
import { typesOf } from "../ir/type.js";
import type { Outcome, Picture } from "../morph/picture.js";
import type { Manifest } from "../run/manifest.js";
import { openPrepared, type PreparedArtifact } from "../run/open-artifact.js";
import type { ImageInterface, SampleInterface } from "../word/node.js";
import { naming } from "./naming.js";
import type { Scoring } from "./outcome-text.js";
import type { PictureNeed } from "./pictures/fit.js";

/** What is known of a network before it answers. */
export interface NetworkTraits {
  readonly name: string;
  readonly need: PictureNeed;
  /** Whether it answers pictures; else a vector or scores. */
  readonly answersImages: boolean;
  /** Null if there are no scores. */
  readonly scoring: Scoring | null;
}

export interface Network extends NetworkTraits {
  run(pictures: readonly Picture[]): Promise<readonly Outcome[]>;
}

/** A network that can be opened any number of times, in any thread: plain data. */
export type PreparedNetwork =
  | { readonly kind: "model"; readonly module: MorphModule }
  | { readonly kind: "artifact"; readonly path: string; readonly artifact: PreparedArtifact };

/** @throws DiagnosticError BMN0101, BMN0703 if the artifact's code cannot be loaded */
export async function openNetwork(prepared: PreparedNetwork): Promise<Network> {
  if (prepared.kind === "model") {
    const { module } = prepared;
    const run: Network["run"] = async (pictures) => pictures.map((picture) => interpretModule(module, picture));
    return { ...traitsOfModule(module), run };
  }
  const { path, artifact } = prepared;
  const runner = await openPrepared(artifact);
  return { ...traitsOfInterface(artifact), run: async (pictures) => naming(path, async () => runner.run(pictures)) };
}

export function needOfInterface(contract: ImageInterface | SampleInterface): PictureNeed {
  const { inputChannels: channels, samples, height, width } = contract;
  return { channels, samples, height, width };
}

export function traitsOfInterface({ name, interface: contract }: Pick<Manifest, "name" | "interface">): NetworkTraits {
  return {
    name,
    need: needOfInterface(contract),
    answersImages: contract.kind === "images",
    scoring: contract.kind === "samples" && contract.output.kind === "scores" ? contract.output : null,
  };
}

export function traitsOfModule(module: MorphModule): NetworkTraits {
  const types = typesOf(module);
  const readout = module.values.find((value) => value.node.kind === "readout")?.node;
  return {
    name: module.name,
    need: module.input,
    answersImages: module.outputs.every((id) => types[id]?.kind === "image"),
    scoring: readout?.kind === "readout" ? readout : null,
  };
}
