/** The text of a certificate, decoded strictly; docs/certificate.md says what the fields mean. */
import * as z from "zod";
import { MODULE_LIMITS } from "../ir/limits.js";

/** Characters of a certificate. */
const MOST_CHARACTERS = 2 ** 28;
const MOST_LAYERS = 2 ** 12;
const MOST_NEURONS = 2 ** 22;
const MOST_INPUTS = 2 ** 22;
const MOST_SETS = 2 ** 12;

const line = z.string().max(1024);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const side = z.int().min(1).max(MODULE_LIMITS.imageSide);
const grade = z.enum(["exact", "hardened", "approximate"]);
/** One digit a window position, a slash between rows. */
const set = z
  .string()
  .max(2 * MOST_INPUTS)
  .regex(/^[01/]*$/);
const integer = z
  .string()
  .max(MODULE_LIMITS.integerDigits + 1)
  .regex(/^(?:0|-?[1-9]\d*)$/)
  .transform((digits) => BigInt(digits));
const unitInterval = z.number().min(0).max(1);
const multipleOf = (unit: number): z.ZodType<number> =>
  unitInterval.refine((value) => Number.isInteger(value / unit), `not a multiple of 2^${Math.log2(unit)}`);
/** What the next layer reads for a level. */
const representative = multipleOf(2 ** -12);
const bound = multipleOf(2 ** -50);
const extended = z.union([
  z.number(),
  z.literal("Infinity").transform(() => Number.POSITIVE_INFINITY),
  z.literal("-Infinity").transform(() => Number.NEGATIVE_INFINITY),
]);

const code = z.strictObject({
  level: z.int().min(0).max(MOST_INPUTS),
  cut: unitInterval,
  shift: z.number(),
  low: representative,
  high: representative,
});

const claim = z.strictObject({
  path: line,
  value: line,
  code: code.default({ level: 0, cut: 0.5, shift: 0, low: 0, high: 1 }),
  grade,
  proof: z.enum(["inequality", "patterns", "gap", "bits", "exhaustive"]).optional(),
  operation: z.enum([
    "erosion",
    "dilation",
    "intersection",
    "union",
    "rank",
    "union-of-erosions",
    "threshold",
    "constant",
    "identity",
    "score",
  ]),
  complemented: z.boolean(),
  shape: z.tuple([z.int().min(1).max(MOST_INPUTS), z.int().min(1).max(MOST_INPUTS)]),
  members: set.optional(),
  sets: z.array(set).max(MOST_SETS).optional(),
  constant: z.union([z.literal(0), z.literal(1)]).optional(),
  threshold: z.strictObject({ weights: z.array(integer).max(MOST_INPUTS), bound: integer }).optional(),
  inequality: z.strictObject({ lower: extended, bias: z.number(), upper: extended }).optional(),
  distance: z.number().min(0).optional(),
  weightError: z.number().min(0).optional(),
  output: z.strictObject({ zeroUpper: bound, oneLower: bound }),
});

const layer = z.strictObject({
  path: line,
  kind: z.enum(["bisel", "dense-lui", "max-pool", "flatten", "readout"]),
  neurons: z.array(claim).max(MOST_NEURONS),
});

const certificate = z.strictObject({
  format: z.literal("bimonnc-certificate"),
  version: z.literal(2),
  tool: line,
  name: line,
  modelSha256: sha256,
  shape: z.strictObject({ height: side, width: side }).nullable(),
  artifacts: z.array(z.strictObject({ path: line, bytes: z.int().min(0), sha256 })).max(10_000),
  policy: z.enum([
    "auto",
    "exact",
    "approximate-constant",
    "approximate-uniform",
    "approximate-normal",
    "approximate-activated",
    "approximate-bounds",
  ]),
  arithmetic: z.enum(["float32", "real"]),
  grade,
  layers: z.array(layer).max(MOST_LAYERS),
});

export type Certificate = z.output<typeof certificate>;
/** What is claimed of one bit of a neuron. */
export type Claim = z.output<typeof claim>;
export type Arithmetic = Certificate["arithmetic"];
export type Policy = Certificate["policy"];
export type Bounds = Claim["output"];

/** Where a certificate is wrong, and how: what it says, and what is so. */
export interface Finding {
  /** Field path in the certificate, or of the neuron in the model. */
  readonly path: string;
  readonly message: string;
}

/** A string, kept, or space between marks, dropped. */
const STRING_OR_SPACE = /("(?:[^"\\]|\\.)*")|\s+/g;

/**
 * @returns what is wrong where the text is not canonical JSON (no field twice, numbers as JavaScript prints them) or has other
 *   fields than a certificate
 */
export function decodeCertificate(text: string): Certificate | readonly Finding[] {
  if (text.length > MOST_CHARACTERS) return [{ path: "", message: `it has more than ${MOST_CHARACTERS} characters` }];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [{ path: "", message: "it is not JSON" }];
  }
  if (JSON.stringify(json) !== text.replace(STRING_OR_SPACE, "$1")) {
    return [{ path: "", message: "a field stands twice, or a number or text is not written as JavaScript does" }];
  }
  const decoded = certificate.safeParse(json);
  if (decoded.success) return decoded.data;
  return decoded.error.issues.map(({ path, message }) => ({ path: printPath(path), message }));
}

function printPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}
