/** Makes certificates as the command `compile` does, without files. */
import { createHash } from "node:crypto";
import { type BinarizeOptions, binarize } from "../../src/binarize/binarize.js";
import { type CertificateInput, type CertificateVerdict, checkCertificate } from "../../src/certificate/check.js";
import { encodeCertificate } from "../../src/cli/certificate.js";
import { parseModule } from "../../src/ir/parse.js";
import { printModule } from "../../src/ir/print.js";
import { encodeModel } from "../../src/model/encode.js";
import type { Model } from "../../src/model/types.js";

export function hash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

const TOOL = "bimonnc test";

/** All that the checker is given, for a model as it is compiled. */
export function certify(model: Model, options: BinarizeOptions): CertificateInput {
  const { module, report } = binarize(model, options);
  const text = printModule(module);
  const files = [{ path: `${model.name}.ir`, bytes: Buffer.byteLength(text), sha256: hash(text) }];
  const modelSha256 = hash(encodeModel(model));
  const head = { tool: TOOL, name: model.name, modelSha256, shape: options.shape ?? null, artifacts: files };
  return {
    model,
    modelSha256,
    module: parseModule(text),
    certificate: encodeCertificate(head, report),
    files,
    manifest: { tool: TOOL, name: model.name, policy: options.policy, grade: report.grade },
  };
}

/** One line a finding. */
export function complaints(input: CertificateInput): readonly string[] {
  return linesOf(checkCertificate(input));
}

export function linesOf({ findings }: CertificateVerdict): readonly string[] {
  return findings.map(({ path, message }) => `${path}: ${message}`);
}

/** A claim as it stands in the text. */
export interface ClaimJson {
  path: string;
  value: string;
  code?: { level: number; cut: number; shift: number; low: number; high: number };
  grade: "exact" | "hardened" | "approximate";
  proof?: string;
  operation: string;
  complemented: boolean;
  shape: number[];
  members?: string;
  sets?: string[];
  constant?: number;
  threshold?: { weights: string[]; bound: string };
  inequality?: { lower: number | string; bias: number; upper: number | string };
  distance?: number;
  weightError?: number;
  output: { zeroUpper: number; oneLower: number };
  reason?: string;
}

/** A certificate as it stands in the text. */
export interface CertificateJson {
  version: number;
  tool: string;
  shape: { height: number; width: number } | null;
  artifacts: { path: string; bytes: number; sha256: string }[];
  policy: string;
  arithmetic: string;
  grade: string;
  layers: { path: string; kind: string; neurons: ClaimJson[] }[];
}

export function parseCertificate(text: string): CertificateJson {
  return JSON.parse(text) as CertificateJson;
}

export function claimsOf(certificate: CertificateJson): readonly ClaimJson[] {
  return certificate.layers.flatMap((layer) => layer.neurons);
}
