/** Whether each layer fits the one before it. */
import { unreachable } from "../diagnostics.js";
import type { Findings } from "./findings.js";
import { MODEL_LIMITS } from "./limits.js";
import { type InputDescription, type Layer, planeCount } from "./types.js";

/** What flows from one layer to the next; null sizes are free, `unknown` follows a layer that could not be read. */
type Flow =
  | { readonly kind: "image"; readonly channels: number; readonly height: number | null; readonly width: number | null }
  | { readonly kind: "vector"; readonly features: number }
  | { readonly kind: "scores" }
  | { readonly kind: "unknown" };

/** @param layers null where a layer is not valid */
export function checkFit(input: InputDescription | null, layers: readonly (Layer | null)[], findings: Findings): void {
  let flow: Flow =
    input === null
      ? { kind: "unknown" }
      : { kind: "image", channels: planeCount(input), height: input.height, width: input.width };
  for (const [index, layer] of layers.entries()) {
    const path = `layers[${index}]`;
    if (flow.kind === "scores") {
      findings.add("BMN0207", "a layer follows the read-out", path, "the read-out is the last layer");
      return;
    }
    flow = layer === null ? { kind: "unknown" } : through(layer, flow, path, findings);
  }
}

function through(layer: Layer, flow: Flow, path: string, findings: Findings): Flow {
  switch (layer.kind) {
    case "bisel":
      if (flow.kind === "vector") refuseVector("a BiSEL", path, findings);
      if (flow.kind === "image")
        refuseUnequal("channels", layer.inChannels, flow.channels, `${path}.inChannels`, findings);
      return flow.kind === "image" ? { ...flow, channels: layer.outChannels } : { kind: "unknown" };
    case "max-pool":
      if (flow.kind === "vector") refuseVector("max-pooling", path, findings);
      return flow.kind === "image" ? pooled(flow, path, findings) : { kind: "unknown" };
    case "flatten":
      if (flow.kind === "vector") refuseVector("flattening", path, findings);
      return flow.kind === "image" ? flattened(flow, path, findings) : { kind: "unknown" };
    case "dense-lui":
      checkVector(layer.inFeatures, flow, path, findings);
      return { kind: "vector", features: layer.outFeatures };
    case "readout":
      checkVector(layer.inFeatures, flow, path, findings);
      return { kind: "scores" };
    default:
      return unreachable(layer);
  }
}

function pooled(flow: Flow & { readonly kind: "image" }, path: string, findings: Findings): Flow {
  if ((flow.height ?? 2) < 2 || (flow.width ?? 2) < 2) {
    const size = `${flow.height ?? "?"}×${flow.width ?? "?"}`;
    findings.add("BMN0207", `max-pooling leaves nothing of an image of ${size} pixels`, path);
    return { kind: "unknown" };
  }
  return { ...flow, height: half(flow.height), width: half(flow.width) };
}

function half(size: number | null): number | null {
  return size === null ? null : Math.floor(size / 2);
}

function flattened(flow: Flow & { readonly kind: "image" }, path: string, findings: Findings): Flow {
  if (flow.height === null || flow.width === null) {
    const hint = "give the input's height and width";
    findings.add("BMN0207", "an image of free size cannot be flattened", path, hint);
    return { kind: "unknown" };
  }
  const features = flow.channels * flow.height * flow.width;
  if (features > MODEL_LIMITS.features) {
    findings.add("BMN0205", `flattening gives ${features} features, more than ${MODEL_LIMITS.features}`, path);
    return { kind: "unknown" };
  }
  return { kind: "vector", features };
}

function checkVector(inFeatures: number, flow: Flow, path: string, findings: Findings): void {
  if (flow.kind === "image") {
    findings.add("BMN0207", "a dense layer reads a vector, not an image", path, "put a flatten layer before it");
  }
  if (flow.kind === "vector") refuseUnequal("features", inFeatures, flow.features, `${path}.inFeatures`, findings);
}

function refuseVector(what: string, path: string, findings: Findings): void {
  findings.add("BMN0207", `${what} needs an image, not a vector`, path);
}

function refuseUnequal(what: string, reads: number, given: number, path: string, findings: Findings): void {
  if (reads !== given) findings.add("BMN0207", `the layer reads ${reads} ${what}, but gets ${given}`, path);
}
