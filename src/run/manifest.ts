/**
 * The manifest of an artifact, `NAME.TARGET.json`: what was compiled, for what, which files belong to it, and how it is
 * called. A program that loads the artifact needs no other description of it.
 */
import type { BinarizationPolicy } from "../binarize/report.js";
import type { Grade, ScoreActivation } from "../ir/node.js";
import type { Target } from "../target/target.js";
import { entryParameters, type ImageInterface, MAXIMUM_SIDE, type SampleInterface } from "../word/node.js";
import { resultLengths } from "./exchange.js";
import { type JsonReader, parseJson } from "./json-reader.js";

export const MANIFEST_FORMAT = "bimonnc-manifest";
export const MANIFEST_VERSION = 1;

/** Largest manifest that is read, in bytes. */
export const MAXIMUM_MANIFEST_BYTES = 16 * 2 ** 20;

/** A file of the artifact, relative to the manifest's folder. */
export interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** How the network's bits are made of the picture that the artifact is given; of interest to people only. */
export interface ManifestInput {
  readonly encoding: "binary" | "level-sets";
  /** Gray values that the bytes 0 and 255 stand for; null for binary pictures. */
  readonly grayRange: readonly [number, number] | null;
  /** The network also reads the complement of every plane; the artifact makes them. */
  readonly complements: boolean;
}

/** Working memory for a call with these arguments. */
export interface ManifestScratch {
  readonly bytes: number;
  /** Values of the entry parameters; an artifact of fixed size has none. */
  readonly arguments: Readonly<Partial<Record<"height" | "width" | "count", number>>>;
}

/** How often the network answers as the float one that it is made of, on pictures. */
export interface ManifestAgreement {
  readonly pictures: number;
  /** Pictures that are answered alike. */
  readonly equalPictures: number;
  /** What is counted: pixels of pictures, elements of vectors, or classes. */
  readonly unit: AgreementUnit;
  readonly answers: number;
  readonly equal: number;
  /** Pictures by which hidden values were calibrated; 0 for none. */
  readonly calibratedOn: number;
  /** Whether none of them is among those measured on. */
  readonly independent: boolean;
  /** The picture with the least share of equal answers; null where all are equal. */
  readonly worst: { readonly picture: string; readonly answers: number; readonly equal: number } | null;
}

const UNITS = ["pixels", "elements", "classes"] as const;
export type AgreementUnit = (typeof UNITS)[number];

export interface Manifest {
  /** Tool name and version. */
  readonly tool: string;
  /** Model name, the stem of the generated files: a C identifier. */
  readonly name: string;
  readonly target: Pick<Target, "name" | "backend" | "lanes">;
  /** Hexadecimal. */
  readonly modelSha256: string;
  readonly policy: BinarizationPolicy;
  readonly grade: Grade;
  /** Absent where nothing was measured. */
  readonly agreement?: ManifestAgreement;
  readonly input: ManifestInput;
  readonly interface: ImageInterface | SampleInterface;
  readonly scratch: ManifestScratch;
  /** Generated code, MorphIR, certificate and fixtures; not the manifest itself. */
  readonly files: readonly ManifestFile[];
}

/** File name of a manifest. */
export function manifestFileName(name: string, target: string): string {
  return `${name}.${target}.json`;
}

/** JSON text, one line a field of the first level. */
export function encodeManifest(manifest: Manifest): string {
  const fields = {
    format: MANIFEST_FORMAT,
    version: MANIFEST_VERSION,
    tool: manifest.tool,
    name: manifest.name,
    target: manifest.target,
    modelSha256: manifest.modelSha256,
    policy: manifest.policy,
    grade: manifest.grade,
    ...(manifest.agreement === undefined ? {} : { agreement: manifest.agreement }),
    input: manifest.input,
    interface: manifest.interface,
    entryParameters: entryParameters(manifest),
    scratch: manifest.scratch,
  };
  const lines = Object.entries(fields).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  const files = manifest.files.map((file) => `    ${JSON.stringify(file)}`);
  return `{\n${lines.join("\n")}\n  "files": [\n${files.join(",\n")}\n  ]\n}\n`;
}

/** Whether a JSON text claims to be a manifest; says nothing about its being valid. */
export function looksLikeManifest(text: string): boolean {
  return text.slice(0, 1024).includes(`"${MANIFEST_FORMAT}"`);
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const TARGET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** Plain names, at most one folder deep: a manifest never leads out of its own folder. */
const FILE_PATH = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}(\/[A-Za-z0-9_][A-Za-z0-9._-]{0,99})?$/;

const POLICIES = [
  "auto",
  "exact",
  "approximate-constant",
  "approximate-uniform",
  "approximate-normal",
  "approximate-activated",
  "approximate-bounds",
] as const;
const GRADES = ["exact", "hardened", "approximate"] as const;
const ACTIVATIONS = ["tanh", "sigmoid", "erf", "arctan", "step", "identity"] as const;

/**
 * Inverse of {@link encodeManifest}; unknown fields are ignored.
 * @throws DiagnosticError BMN0701
 */
export function decodeManifest(text: string): Manifest {
  const manifest = parseJson(text, "BMN0701");
  manifest.field("format").oneOf([MANIFEST_FORMAT]);
  const version = manifest.field("version");
  if (version.integer(1, 2 ** 31) !== MANIFEST_VERSION)
    version.refuse("a later version of the tool wrote this manifest");
  const target = manifest.field("target");
  return {
    tool: manifest.field("tool").string(),
    name: manifest.field("name").matching(IDENTIFIER, "a C identifier"),
    target: {
      name: target.field("name").matching(TARGET_NAME, "a target name"),
      backend: target.field("backend").oneOf(["c", "js", "wasm"]),
      lanes: target.field("lanes").oneOf([1, 4, 8, 16]),
    },
    modelSha256: decodeSha256(manifest.field("modelSha256")),
    policy: manifest.field("policy").oneOf(POLICIES),
    grade: manifest.field("grade").oneOf(GRADES),
    ...(manifest.has("agreement") ? { agreement: decodeAgreement(manifest.field("agreement")) } : {}),
    input: decodeInput(manifest.field("input")),
    interface: decodeInterface(manifest.field("interface")),
    scratch: decodeScratch(manifest.field("scratch")),
    files: manifest
      .field("files")
      .array(10_000)
      .map((file) => ({
        path: file.field("path").matching(FILE_PATH, "a file beside the manifest"),
        bytes: file.field("bytes").integer(0, Number.MAX_SAFE_INTEGER),
        sha256: decodeSha256(file.field("sha256")),
      })),
  };
}

function decodeSha256(reader: JsonReader): string {
  return reader.matching(SHA256, "64 hexadecimal digits");
}

/** Shares can be trusted to lie between 0 and 1. */
function decodeAgreement(reader: JsonReader): ManifestAgreement {
  const count = (name: string, most: number): number => reader.field(name).integer(0, most);
  const pictures = count("pictures", Number.MAX_SAFE_INTEGER);
  const answers = count("answers", Number.MAX_SAFE_INTEGER);
  const worst = reader.field("worst");
  return {
    pictures,
    equalPictures: count("equalPictures", pictures),
    unit: reader.field("unit").oneOf(UNITS),
    answers,
    equal: count("equal", answers),
    calibratedOn: count("calibratedOn", Number.MAX_SAFE_INTEGER),
    independent: reader.field("independent").boolean(),
    worst: worst.isNull ? null : decodeWorst(worst, answers),
  };
}

function decodeWorst(worst: JsonReader, mostAnswers: number): ManifestAgreement["worst"] {
  const answers = worst.field("answers").integer(1, mostAnswers);
  return { picture: worst.field("picture").string(), answers, equal: worst.field("equal").integer(0, answers) };
}

function decodeInput(input: JsonReader): ManifestInput {
  const range = input.field("grayRange");
  const [minimum, maximum] = range.isNull ? [] : range.array(2);
  return {
    encoding: input.field("encoding").oneOf(["binary", "level-sets"]),
    grayRange: minimum === undefined || maximum === undefined ? null : [minimum.number(), maximum.number()],
    complements: input.field("complements").boolean(),
  };
}

/** Most samples in a picture of fixed size; bounds the memory that a call takes. */
const MAXIMUM_SAMPLES = 2 ** 28;

/** Most words of one answer, 1 GiB. */
const MAXIMUM_RESULT_WORDS = 2 ** 28;

function decodeInterface(reader: JsonReader): ImageInterface | SampleInterface {
  const contract = decodeFields(reader);
  if (contract.inputChannels * (contract.height ?? 1) * (contract.width ?? 1) > MAXIMUM_SAMPLES) {
    reader.refuse(`a picture has more than ${MAXIMUM_SAMPLES} samples`);
  }
  const extent = { height: contract.height ?? 1, width: contract.width ?? 1, count: 1 };
  const { output, scores } = resultLengths(contract, extent);
  if ((output ?? 0) + (scores ?? 0) > MAXIMUM_RESULT_WORDS) {
    reader.refuse(`an answer has more than ${MAXIMUM_RESULT_WORDS} words`);
  }
  return contract;
}

function decodeFields(reader: JsonReader): ImageInterface | SampleInterface {
  const kind = reader.field("kind").oneOf(["images", "samples"]);
  const inputChannels = reader.field("inputChannels").integer(1, 4096);
  const samples = reader.field("samples").oneOf(["bits", "bytes"]);
  if (kind === "images") {
    return {
      kind,
      inputChannels,
      samples,
      height: decodeSide(reader.field("height")),
      width: decodeSide(reader.field("width")),
      outputChannels: reader.field("outputChannels").integer(1, 4096),
      outputHalvings: reader.field("outputHalvings").integer(0, 32),
    };
  }
  return {
    kind,
    inputChannels,
    samples,
    height: reader.field("height").integer(1, MAXIMUM_SIDE),
    width: reader.field("width").integer(1, MAXIMUM_SIDE),
    output: decodeOutput(reader.field("output")),
  };
}

function decodeSide(reader: JsonReader): number | null {
  return reader.isNull ? null : reader.integer(1, MAXIMUM_SIDE);
}

function decodeOutput(output: JsonReader): SampleInterface["output"] {
  const kind = output.field("kind").oneOf(["bits", "scores"]);
  if (kind === "bits") return { kind, length: output.field("length").integer(1, 2 ** 20) };
  const classes = output.field("classes").integer(1, 2 ** 20);
  const activation: ScoreActivation[] = output
    .field("activation")
    .array(classes)
    .map((entry) => entry.oneOf(ACTIVATIONS));
  if (activation.length !== classes) output.refuse(`${classes} classes but ${activation.length} activations`);
  return {
    kind,
    classes,
    limbs: output.field("limbs").integer(1, 64),
    limbBits: output.field("limbBits").integer(1, 32),
    exponent: output.field("exponent").integer(-(2 ** 16), 2 ** 16),
    activation,
  };
}

function decodeScratch(reader: JsonReader): ManifestScratch {
  const given = reader.field("arguments");
  const names = (["height", "width", "count"] as const).filter((name) => given.has(name));
  return {
    bytes: reader.field("bytes").integer(0, Number.MAX_SAFE_INTEGER),
    arguments: Object.fromEntries(names.map((name) => [name, given.field(name).integer(1, 2 ** 32)])),
  };
}
