/** What a certificate is about: the model, the files, the choices that were made. */
import type { MorphModule } from "../ir/node.js";
import type { Model } from "../model/types.js";
import type { Certificate, Finding } from "./format.js";

/** A file as it is on disk. */
export interface CertifiedFile {
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface CertificateInput {
  readonly model: Model;
  /** Of the model's file, hexadecimal. */
  readonly modelSha256: string;
  /** MorphIR as parsed from the artifact. */
  readonly module: MorphModule;
  /** The certificate's text. */
  readonly certificate: string;
  /** What it must cover: MorphIR and the generated code. */
  readonly files: readonly CertifiedFile[];
  /** What the manifest says. */
  readonly manifest: { readonly tool: string; readonly name: string; readonly policy: string; readonly grade: string };
  /** Called with the path of a neuron, and the share that is done, 0 … 1. */
  readonly onProgress?: (path: string, share: number) => void;
}

/** Where the head differs from what it is about. */
export function headFindings(certificate: Certificate, input: CertificateInput): Finding[] {
  const { model, modelSha256, module, manifest, files } = input;
  const findings: Finding[] = [];
  const expect = (path: string, claimed: unknown, actual: unknown): void => {
    if (claimed !== actual) findings.push({ path, message: `it says ${String(claimed)}, it is ${String(actual)}` });
  };
  expect("modelSha256", certificate.modelSha256, modelSha256);
  expect("name", certificate.name, model.name);
  expect("name", certificate.name, manifest.name);
  expect("name", certificate.name, module.name);
  expect("tool", certificate.tool, manifest.tool);
  expect("policy", certificate.policy, manifest.policy);
  expect("grade", certificate.grade, manifest.grade);
  const { shape } = certificate;
  for (const side of ["height", "width"] as const) {
    if (shape !== null) expect(`shape.${side}`, shape[side], model.input[side] ?? shape[side]);
    expect(`shape.${side}`, model.input[side] ?? shape?.[side] ?? null, module.input[side]);
  }
  expect("artifacts", certificate.artifacts.length, files.length);
  for (const file of files) {
    const claimed = certificate.artifacts.filter(({ path }) => path === file.path);
    const text = claimed.map(({ bytes, sha256 }) => `${bytes} bytes, SHA-256 ${sha256}`).join("; ");
    expect(`artifacts: ${file.path}`, text, `${file.bytes} bytes, SHA-256 ${file.sha256}`);
  }
  return findings;
}
