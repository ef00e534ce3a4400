/** A network that answers pictures: a model by the interpreter of MorphIR, or an artifact by its own code. */
import { policyName } from "../binarize/policy-name.js";
import { interpretModule } from "../ir/interpret.js";
import type { MorphModule } from "../ir/node.js";
import type { Outcome, Picture } from "../morph/picture.js";
import { checkFiles, openArtifact } from "../run/open-artifact.js";
import type { ImageInterface, SampleInterface } from "../word/node.js";
import type { PolicyName } from "./arguments.js";
import { type BinarizeChoice, binarizeModel, readBinarizeOptions } from "./binarize-model.js";
import { type Context, UsageError } from "./context.js";
import { findArtifact } from "./find-artifact.js";
import { naming } from "./naming.js";
import type { Scoring } from "./outcome-text.js";
import type { PictureNeed } from "./pictures/fit.js";
import { readModel } from "./read-model.js";
import { withOpened } from "./signals.js";

export interface Network {
  readonly name: string;
  readonly need: PictureNeed;
  /** Null if there are no scores. */
  readonly scoring: Scoring | null;
  run(pictures: readonly Picture[]): Promise<readonly Outcome[]>;
}

/** How a model is binarized is for models alone. */
export interface NetworkChoice extends Omit<BinarizeChoice, "binarize"> {
  /** `auto` when absent. */
  readonly binarize?: PolicyName | undefined;
  readonly compiler?: string | undefined;
}

const MODEL_OPTIONS = ["binarize", "arithmetic", "prove", "weight-bits"] as const;

/**
 * Opens the network at `path`, hands it to `action`, and closes it.
 * @throws UsageError, DiagnosticError whatever reading, checking, binarizing or loading finds
 */
export async function withNetwork<T>(
  path: string,
  choice: NetworkChoice,
  context: Context,
  action: (network: Network) => Promise<T>,
): Promise<T> {
  const found = findArtifact(path);
  if (found === null) {
    const { model } = await readModel(path, context);
    const options = readBinarizeOptions({ ...choice, binarize: choice.binarize ?? "auto" });
    const { module } = await binarizeModel(model, path, options, context);
    return action(interpretedNetwork(module));
  }
  const { manifest, directory } = found;
  const given = MODEL_OPTIONS.find((name) => choice[name] !== undefined);
  if (given !== undefined) {
    const policy = policyName(manifest.policy);
    throw new UsageError(`--${given} is for models; this artifact was compiled with --binarize ${policy}`);
  }
  checkFiles(manifest, directory);
  const options = choice.compiler === undefined ? {} : { compiler: choice.compiler };
  return withOpened(
    async () => openArtifact(manifest, directory, options),
    async (runner) =>
      action({
        name: manifest.name,
        need: needOfInterface(manifest.interface),
        scoring: scoringOfInterface(manifest.interface),
        run: async (pictures) => naming(path, async () => runner.run(pictures)),
      }),
  );
}

export function needOfInterface(contract: ImageInterface | SampleInterface): PictureNeed {
  const { inputChannels: channels, samples, height, width } = contract;
  return { channels, samples, height, width };
}

function scoringOfInterface(contract: ImageInterface | SampleInterface): Scoring | null {
  return contract.kind === "samples" && contract.output.kind === "scores" ? contract.output : null;
}

function interpretedNetwork(module: MorphModule): Network {
  const readout = module.values.find((value) => value.node.kind === "readout")?.node;
  return {
    name: module.name,
    need: module.input,
    scoring: readout?.kind === "readout" ? readout : null,
    run: async (pictures) => pictures.map((picture) => interpretModule(module, picture)),
  };
}
