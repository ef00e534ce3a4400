/** From what the user names to a network that can be opened: a model is binarized, an artifact checked and built. */
import { policyName } from "../binarize/policy-name.js";
import type { MorphModule } from "../ir/node.js";
import type { Manifest } from "../run/manifest.js";
import { checkFiles, type OpenOptions, prepareArtifact } from "../run/open-artifact.js";
import type { PolicyName } from "./arguments.js";
import { type BinarizeChoice, binarizeModel, readBinarizeOptions } from "./binarize-model.js";
import { type Context, UsageError } from "./context.js";
import { findArtifact } from "./find-artifact.js";
import { type NetworkTraits, type PreparedNetwork, traitsOfInterface, traitsOfModule } from "./network.js";
import { readModel } from "./read-model.js";

/** A binarized model, or an artifact whose files are those of its manifest. */
export type FoundNetwork =
  | { readonly kind: "model"; readonly module: MorphModule }
  | {
      readonly kind: "artifact";
      /** As the user named it. */
      readonly path: string;
      readonly manifest: Manifest;
      readonly directory: string;
      readonly options: OpenOptions;
    };

/** How a model is binarized is for models alone. */
export interface NetworkChoice extends Omit<BinarizeChoice, "binarize"> {
  /** `auto` when absent. */
  readonly binarize?: PolicyName | undefined;
  readonly compiler?: string | undefined;
}

const MODEL_OPTIONS = ["binarize", "arithmetic", "prove", "weight-bits"] as const;

/**
 * The network at `path`; none of its code has run yet.
 * @throws UsageError, DiagnosticError whatever reading, checking or binarizing finds
 */
export async function findNetwork(path: string, choice: NetworkChoice, context: Context): Promise<FoundNetwork> {
  const found = findArtifact(path);
  if (found === null) {
    const { model } = await readModel(path, context);
    const options = readBinarizeOptions({ ...choice, binarize: choice.binarize ?? "auto" });
    const { module } = await binarizeModel(model, path, options, context);
    return { kind: "model", module };
  }
  const { manifest, directory } = found;
  const given = MODEL_OPTIONS.find((name) => choice[name] !== undefined);
  if (given !== undefined) {
    const policy = policyName(manifest.policy);
    throw new UsageError(`--${given} is for models; this artifact was compiled with --binarize ${policy}`);
  }
  checkFiles(manifest, directory);
  const options = choice.compiler === undefined ? {} : { compiler: choice.compiler };
  return { kind: "artifact", path, manifest, directory, options };
}

export function traitsOf(found: FoundNetwork): NetworkTraits {
  return found.kind === "model" ? traitsOfModule(found.module) : traitsOfInterface(found.manifest);
}

/**
 * Makes a network ready to be opened; C is compiled.
 * @throws DiagnosticError BMN0504 if it cannot run on this machine, BMN0703
 */
export async function prepareNetwork(
  found: FoundNetwork,
): Promise<{ readonly network: PreparedNetwork; close(): Promise<void> }> {
  if (found.kind === "model") return { network: found, close: async () => {} };
  const { artifact, close } = await prepareArtifact(found.manifest, found.directory, found.options);
  return { network: { kind: "artifact", path: found.path, artifact }, close };
}
