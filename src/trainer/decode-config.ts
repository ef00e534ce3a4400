/** A training configuration from what a JSON or YAML file holds. */
import type * as z from "zod";
import { type Diagnostic, DiagnosticError } from "../diagnostics.js";
import { nearestName } from "../model/nearest-name.js";
import type { TrainingConfig } from "./config.js";
import { configSchema } from "./config-schema.js";

const MOST_LISTED = 20;

/**
 * The configuration with its defaults filled in; the same for the same content. A single `network` may stand for
 * `networks`.
 * @throws DiagnosticError BMN0905, a diagnostic for each mistake
 */
export function decodeConfig(value: unknown): TrainingConfig {
  const result = configSchema.safeParse(withNetworks(value), { reportInput: false });
  if (result.success) return result.data;
  throw new DiagnosticError(result.error.issues.slice(0, MOST_LISTED).map(diagnosticOf));
}

function withNetworks(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("network" in value) || "networks" in value) return value;
  const { network, ...rest } = value;
  return { ...rest, networks: [network] };
}

function diagnosticOf(issue: z.core.$ZodIssue): Diagnostic {
  const path = pathText(issue.path);
  const place = path === "" ? {} : { path };
  const hint = hintFor(issue);
  return {
    code: "BMN0905",
    message: issue.message.charAt(0).toLowerCase() + issue.message.slice(1),
    ...place,
    ...(hint === null ? {} : { hint }),
  };
}

/** `networks[0].layers[1].kernel` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

const FIELDS = [
  ..."name seed data network networks training kind operator element border pictures generator counts folder".split(
    " ",
  ),
  ..."encoding invert threshold targetThreshold crop cropsPerPicture fractions validation test height width".split(" "),
  ..."shapes holes largestShape largestHole noise inversion sticks shortest longest angles".split(" "),
  ..."input levels complements layers channels kernel bise lui features classes".split(" "),
  ..."form weights bias activation scale learnedScale initialisation method total place members".split(" "),
  ..."loss batchSize regularisation weight delay evaluateEvery plateau factor patience least earlyStopping".split(" "),
  ..."shift trials trialSteps phases steps learningRate sharpness surrogate shrink harden freeze grid".split(" "),
  ..."largest from to shape".split(" "),
];

function hintFor(issue: z.core.$ZodIssue): string | null {
  if (issue.code !== "unrecognized_keys") return null;
  const [key = ""] = issue.keys;
  // A known field is one that does not belong here.
  const nearest = FIELDS.includes(key) ? null : nearestName(key, FIELDS);
  return nearest === null ? "leave it out" : `did you mean ${nearest}?`;
}
