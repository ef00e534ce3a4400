import type {
  Input,
  LevelSetEncoding as LevelSetMessage,
  Model as ModelMessage,
  Provenance as ProvenanceMessage,
} from "../gen/model.js";
import { Findings } from "./findings.js";
import { checkFit } from "./fit.js";
import { readLayer, readSize } from "./layers.js";
import { FORMAT_VERSION, MODEL_LIMITS } from "./limits.js";
import type { InputDescription, LevelSetEncoding, Model, Provenance } from "./types.js";

/** Names that begin with an underscore are reserved in C. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;

/**
 * The model of a message, every promise of {@link Model} checked.
 * @throws DiagnosticError with up to twenty of BMN0201 … BMN0210, by field path
 */
export function readModel(message: ModelMessage): Model {
  const findings = new Findings();
  const version = message.formatVersion ?? 0;
  if (version !== FORMAT_VERSION) {
    refuseVersion(version, findings);
    findings.throwIfAny();
  }
  const layerMessages = message.layers ?? [];
  const announced = message.layerCount ?? 0;
  if (announced !== 0 && announced !== layerMessages.length) {
    const problem = `the model announces ${announced} layers and holds ${layerMessages.length}`;
    findings.add("BMN0201", problem, "layers", "the file may be cut short");
    findings.throwIfAny();
  }

  const name = message.name ?? "";
  if (!NAME.test(name)) {
    const hint = "letters, digits and underscores, beginning with a letter, 1 to 63 characters";
    findings.add("BMN0208", `the model's name is ${JSON.stringify(name.slice(0, 80))}`, "name", hint);
  }
  const input = readInput(message.input ?? null, findings);
  if (layerMessages.length === 0) findings.add("BMN0207", "the network has no layers", "layers");
  if (layerMessages.length > MODEL_LIMITS.layers) {
    findings.add("BMN0205", `expected at most ${MODEL_LIMITS.layers} layers, got ${layerMessages.length}`, "layers");
    findings.throwIfAny();
  }
  const budget = { left: MODEL_LIMITS.weights };
  const layers = layerMessages.map((layer, index) => readLayer(layer, `layers[${index}]`, budget, findings));
  checkFit(input, layers, findings);
  findings.throwIfAny();
  return {
    name,
    input: input as InputDescription,
    layers: layers.filter((layer) => layer !== null),
    provenance: readProvenance(message.provenance ?? null),
  };
}

function refuseVersion(version: number, findings: Findings): void {
  if (version === 0) {
    const hint = `write "formatVersion": ${FORMAT_VERSION}`;
    findings.add("BMN0202", "the format version is missing", "formatVersion", hint);
    return;
  }
  const hint = `this version of bimonnc reads format version ${FORMAT_VERSION}: upgrade it`;
  findings.add("BMN0202", `the model has format version ${version}`, "formatVersion", hint);
}

function readInput(message: Input | null, findings: Findings): InputDescription | null {
  if (message === null) {
    findings.add("BMN0210", "the input description is missing", "input");
    return null;
  }
  const channels = readSize(message.channels, "input.channels", MODEL_LIMITS.channels, findings);
  const height = readFreeSize(message.height, "input.height", findings);
  const width = readFreeSize(message.width, "input.width", findings);
  const encoding = readEncoding(message, channels, findings);
  if (channels === null || height === undefined || width === undefined || encoding === null) return null;
  return { channels, height, width, encoding, complements: message.complements ?? false };
}

/** null when the size is free, undefined when it is not valid. */
function readFreeSize(value: number | null | undefined, path: string, findings: Findings): number | null | undefined {
  if ((value ?? 0) === 0) return null;
  return readSize(value, path, MODEL_LIMITS.imageSide, findings) ?? undefined;
}

function readEncoding(
  message: Input,
  channels: number | null,
  findings: Findings,
): InputDescription["encoding"] | null {
  const binary = message.binary ?? null;
  const levelSets = message.levelSets ?? null;
  if ((binary === null) === (levelSets === null)) {
    const problem = binary === null ? "the encoding is not given" : "the encoding is given twice";
    findings.add("BMN0210", problem, "input", "one of binary and levelSets");
    return null;
  }
  return levelSets === null ? { kind: "binary" } : readLevelSets(levelSets, channels, findings);
}

function readLevelSets(message: LevelSetMessage, channels: number | null, findings: Findings): LevelSetEncoding | null {
  const path = "input.levelSets";
  const grayMinimum = message.grayMinimum ?? 0;
  const grayMaximum = message.grayMaximum ?? 0;
  if (!Number.isFinite(grayMinimum) || !Number.isFinite(grayMaximum)) {
    findings.add("BMN0204", `the gray range is from ${grayMinimum} to ${grayMaximum}`, path);
    return null;
  }
  if (grayMinimum >= grayMaximum) {
    findings.add("BMN0210", `the gray range from ${grayMinimum} to ${grayMaximum} is empty`, path);
    return null;
  }
  const values = (message.channels ?? []).map((entry) => entry.values ?? []);
  if (channels !== null && values.length !== channels) {
    findings.add("BMN0210", `expected levels for ${channels} channels, got ${values.length}`, `${path}.channels`);
    return null;
  }
  const valid = values.map((levels, channel) =>
    checkLevels(levels, grayMinimum, grayMaximum, `${path}.channels[${channel}].values`, findings),
  );
  return valid.every(Boolean) ? { kind: "level-sets", grayMinimum, grayMaximum, values } : null;
}

/** Reports the first level that is not valid, and how many there are. */
function checkLevels(
  levels: readonly number[],
  minimum: number,
  maximum: number,
  path: string,
  findings: Findings,
): boolean {
  if (levels.length < 1 || levels.length > MODEL_LIMITS.levels) {
    findings.add("BMN0210", `expected 1 to ${MODEL_LIMITS.levels} levels, got ${levels.length}`, path);
    return false;
  }
  for (const [index, level] of levels.entries()) {
    const place = `${path}[${index}]`;
    if (!Number.isFinite(level)) {
      findings.add("BMN0204", `the level is ${level}`, place);
      return false;
    }
    if (level < minimum || level > maximum) {
      findings.add("BMN0210", `the level ${level} is outside the gray range from ${minimum} to ${maximum}`, place);
      return false;
    }
    const previous = levels[index - 1];
    if (previous !== undefined && previous >= level) {
      findings.add("BMN0210", `the level ${level} is not above the one before, ${previous}`, place);
      return false;
    }
  }
  return true;
}

function readProvenance(message: ProvenanceMessage | null): Provenance | null {
  if (message === null) return null;
  return {
    tool: message.tool ?? "",
    dataSet: message.dataSet ?? "",
    seed: message.seed ?? "",
    notes: message.notes ?? "",
    metrics: (message.metrics ?? []).map((metric) => ({ name: metric.name ?? "", value: metric.value ?? 0 })),
  };
}
