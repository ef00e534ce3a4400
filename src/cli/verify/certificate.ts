/** The artifact's certificate against the model: what is found, and a line that sums it up. */
import { join } from "node:path";
import { type CertificateVerdict, checkCertificate } from "../../certificate/check.js";
import { fail, renderDiagnostic } from "../../diagnostics.js";
import type { MorphModule } from "../../ir/node.js";
import type { Manifest } from "../../run/manifest.js";
import { sha256 } from "../../run/open-artifact.js";
import { certificateFileName } from "../certificate.js";
import type { Context } from "../context.js";
import { readFile } from "../files.js";
import { fixturesFolder } from "../fixtures.js";
import { openProgress } from "../progress.js";
import { readModel } from "../read-model.js";

const MAXIMUM_CERTIFICATE_BYTES = 2 ** 28;
const MAXIMUM_FILE_BYTES = 2 ** 30;

export interface CheckedCertificate extends CertificateVerdict {
  /** Path of the certificate. */
  readonly source: string;
}

/** @throws DiagnosticError BMN0704 if there is none, and what reading the model and the files finds */
export async function checkAgainstModel(
  modelPath: string,
  { manifest, directory }: { readonly manifest: Manifest; readonly directory: string },
  module: MorphModule,
  context: Context,
): Promise<CheckedCertificate> {
  const { name, target, tool, policy, grade } = manifest;
  const file = certificateFileName(name, target.name);
  const source = join(directory, file);
  if (!manifest.files.some(({ path }) => path === file)) {
    fail("BMN0704", "the manifest lists no certificate", { source, hint: "compile the model again" });
  }
  const { model, sha256: modelSha256 } = await readModel(modelPath, context);
  const files = manifest.files
    .filter(({ path }) => isCertified(path, manifest))
    .map(({ path }) => {
      const content = readFile(join(directory, path), MAXIMUM_FILE_BYTES);
      return { path, bytes: content.length, sha256: sha256(content) };
    });
  const certificate = Buffer.from(readFile(source, MAXIMUM_CERTIFICATE_BYTES)).toString("utf8");
  const progress = await openProgress(context, "certificate");
  try {
    const verdict = checkCertificate({
      model,
      modelSha256,
      module,
      certificate,
      files,
      manifest: { tool, name, policy, grade },
      onProgress: (_, share) => progress.update(share),
    });
    return { ...verdict, source };
  } finally {
    progress.stop();
  }
}

/** MorphIR and generated code; not the certificate itself, and nothing that was made to look at. */
function isCertified(path: string, { name, target }: Manifest): boolean {
  return (
    path !== certificateFileName(name, target.name) &&
    !path.startsWith(`${fixturesFolder(name)}/`) &&
    !path.endsWith(".png")
  );
}

const MOST_SHOWN = 20;

export function tellFindings({ findings, source }: CheckedCertificate, context: Context): void {
  for (const { path, message } of findings.slice(0, MOST_SHOWN)) {
    const at = path === "" ? {} : { path };
    context.io.writeStderr(
      `${renderDiagnostic({ code: "BMN0704", message: `the certificate does not hold: ${message}`, source, ...at })}\n`,
    );
  }
  if (findings.length > MOST_SHOWN) context.io.writeStderr(`and ${findings.length - MOST_SHOWN} more findings\n`);
}

/** `certificate: 37 neurons, 31 exact (28 inequality, 3 gap), 6 hardened; network hardened; accepted` */
export function summarize({ findings, certificate }: CheckedCertificate): string {
  const verdict = findings.length === 0 ? "accepted" : `refused: ${findings.length} findings`;
  if (certificate === null) return `certificate: ${verdict}`;
  const claims = certificate.layers
    .flatMap(({ neurons }) => neurons)
    .filter(({ operation }) => operation !== "identity");
  const neurons = new Set(claims.map(({ path }) => path)).size;
  const graded = (["exact", "hardened", "approximate"] as const).flatMap((grade) => {
    const own = claims.filter((claim) => claim.grade === grade);
    return own.length === 0 ? [] : [`${own.length} ${grade}${proofsOf(own.map((claim) => claim.proof))}`];
  });
  return `certificate: ${[`${neurons} neurons`, ...graded].join(", ")}; network ${certificate.grade}; ${verdict}`;
}

function proofsOf(proofs: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const proof of proofs) if (proof !== undefined) counts.set(proof, (counts.get(proof) ?? 0) + 1);
  if (counts.size === 0) return "";
  return ` (${[...counts].map(([proof, count]) => `${count} ${proof}`).join(", ")})`;
}
