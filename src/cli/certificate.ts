/** The certificate, `NAME.TARGET.cert.json`: what binarization proved about every neuron, and of which files. */
import type { BinarizationReport, NeuronReport } from "../binarize/report.js";
import type { ManifestFile } from "../run/manifest.js";
import { stringify } from "./context.js";

export const CERTIFICATE_FORMAT = "bimonnc-certificate";
export const CERTIFICATE_VERSION = 1;

export function certificateFileName(name: string, target: string): string {
  return `${name}.${target}.cert.json`;
}

export interface CertificateHead {
  /** Tool name and version. */
  readonly tool: string;
  readonly name: string;
  /** Hexadecimal. */
  readonly modelSha256: string;
  /** The size that the user fixed, or null. */
  readonly shape: { readonly height: number; readonly width: number } | null;
  /** MorphIR and generated code. */
  readonly artifacts: readonly ManifestFile[];
}

/**
 * JSON text, one line a neuron. Fields are those of {@link BinarizationReport}, except that `members` is a text with
 * one digit a window position and a slash between rows, and that infinite numbers are `"Infinity"` or `"-Infinity"`.
 */
export function encodeCertificate(head: CertificateHead, report: BinarizationReport): string {
  const fields = {
    format: CERTIFICATE_FORMAT,
    version: CERTIFICATE_VERSION,
    ...head,
    policy: report.policy,
    grade: report.grade,
  };
  const lines = Object.entries(fields).map(([name, value]) => `  ${JSON.stringify(name)}: ${stringify(value, 0)},`);
  const layers = report.layers.map((layer) => {
    const neurons = layer.neurons.map((neuron) => `\n      ${stringify(neuronFields(neuron), 0)}`);
    const { path, kind } = layer;
    return `    {"path":${JSON.stringify(path)},"kind":${JSON.stringify(kind)},"neurons":[${neurons.join(",")}]}`;
  });
  return `{\n${lines.join("\n")}\n  "layers": [\n${layers.join(",\n")}\n  ]\n}\n`;
}

/** A report in JSON, with `members` as in the certificate. */
export function reportFields(report: BinarizationReport): object {
  const layers = report.layers.map((layer) => ({ ...layer, neurons: layer.neurons.map(neuronFields) }));
  return { ...report, layers };
}

/** The fields of a neuron in JSON. */
function neuronFields(neuron: NeuronReport): object {
  return { ...neuron, members: neuron.members === null ? null : membersText(neuron.members, neuron.shape[1]) };
}

function membersText(members: readonly boolean[], width: number): string {
  const digits = members.map((member) => (member ? "1" : "0")).join("");
  const rows = Array.from({ length: Math.ceil(digits.length / width) }, (_, row) =>
    digits.slice(row * width, (row + 1) * width),
  );
  return rows.join("/");
}
