/** The certificate, `NAME.TARGET.cert.json`: what binarization proved about every neuron, and of which files. */
import type { BinarizationReport, BitCode, NeuronReport } from "../binarize/report.js";
import type { ManifestFile } from "../run/manifest.js";
import { stringify } from "./context.js";

export const CERTIFICATE_FORMAT = "bimonnc-certificate";
export const CERTIFICATE_VERSION = 2;

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
 * JSON text, one line a neuron; docs/certificate.md says what its fields mean. Fields are those of {@link BinarizationReport},
 * except that sets are texts with one digit a window position and a slash between rows, that infinite numbers are
 * `"Infinity"` or `"-Infinity"`, and that fields without a value are left out, as is the code of a plain bit.
 */
export function encodeCertificate(head: CertificateHead, report: BinarizationReport): string {
  const fields = {
    format: CERTIFICATE_FORMAT,
    version: CERTIFICATE_VERSION,
    ...head,
    policy: report.policy,
    arithmetic: report.arithmetic,
    grade: report.grade,
  };
  const lines = Object.entries(fields).map(([name, value]) => `  ${JSON.stringify(name)}: ${stringify(value, 0)},`);
  const layers = report.layers.map((layer) => {
    const neurons = layer.neurons.map((neuron) => `\n      ${stringify(claimFields(neuron), 0)}`);
    const { path, kind } = layer;
    return `    {"path":${JSON.stringify(path)},"kind":${JSON.stringify(kind)},"neurons":[${neurons.join(",")}]}`;
  });
  return `{\n${lines.join("\n")}\n  "layers": [\n${layers.join(",\n")}\n  ]\n}\n`;
}

/** A report in JSON, with sets as in the certificate. */
export function reportFields(report: BinarizationReport): object {
  const layers = report.layers.map((layer) => ({ ...layer, neurons: layer.neurons.map(neuronFields) }));
  return { ...report, layers };
}

/** The fields of a neuron in JSON. */
function neuronFields(neuron: NeuronReport): object {
  const { members, sets, shape } = neuron;
  return {
    ...neuron,
    members: members === null ? null : membersText(members, shape[1]),
    sets: sets === null ? null : sets.map((set) => membersText(set, shape[1])),
  };
}

/** What the certificate claims of a neuron: what can be checked, and no words. */
function claimFields(neuron: NeuronReport): object {
  const fields = { ...neuronFields(neuron), code: isPlainBit(neuron.code) ? null : neuron.code, reason: null };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function isPlainBit({ level, cut, low, high }: BitCode): boolean {
  return level === 0 && cut === 0.5 && low === 0 && high === 1;
}

function membersText(members: readonly boolean[], width: number): string {
  const digits = members.map((member) => (member ? "1" : "0")).join("");
  const rows = Array.from({ length: Math.ceil(digits.length / width) }, (_, row) =>
    digits.slice(row * width, (row + 1) * width),
  );
  return rows.join("/");
}
