/**
 * The invariants of MorphIR, which every pass keeps and every translator relies on.
 *
 * Module
 * - its name is a C identifier of 1 to 63 characters; it has 1 to 4096 input channels; a fixed side is 1 to 65535 pixels.
 * - there is at least one output: images of one size, or exactly one vector, or exactly one read-out.
 *
 * Values
 * - a name is a letter or underscore, then letters, digits, underscores, at most 255 in all, and no other value has it.
 * - the path of an origin is 1 to 255 printable ASCII characters without a space.
 * - operands are values that come earlier; none of them is a read-out.
 *
 * Nodes
 * - `input`: the channel exists; samples are bits.
 * - `level-set`: the channel exists; samples are bytes; the threshold is an integer in 0 … 256.
 * - `constant`, `complement`: the operand is an image or a bit.
 * - `erosion`, `dilation`: the operand is an image; the window has 1 to 255 rows and columns, as many members as
 *   places, and no place farther than 255 rows or columns from the origin.
 * - `union`, `intersection`: one or more operands, all bits or all images of one size.
 * - `threshold`: one or more terms on operands of that kind; weights are not zero; offsets are integers of at most 255,
 *   and zero on bits; weights and bound have at most 4096 digits.
 * - `subsample`: the operand is an image that has been halved less than 16 times.
 * - `flatten`: one or more operands, images of a fixed size or bits; the vector has 1 to 2^20 elements.
 * - `element`: the operand is a vector; the index lies in it.
 * - `readout`: the operand is a vector of n elements; there is a class; each has n weights, a bias and an activation, of
 *   at most 4096 digits; 2^exponent is a double.
 */
import { type Diagnostic, DiagnosticError, unreachable } from "../diagnostics.js";
import type { StructuringElement } from "../morph/structuring-element.js";
import { EXPONENTS, isModuleName, isOriginPath, isValueName, MODULE_LIMITS } from "./limits.js";
import {
  type Element,
  type Flatten,
  type ModuleInput,
  type MorphModule,
  type MorphNode,
  type MorphValue,
  operandsOf,
  type Readout,
  type Threshold,
  type ValueId,
} from "./node.js";
import { imageSize, typeOfNode, type ValueType } from "./type.js";

const MOST_DIAGNOSTICS = 20;
const INTEGER_LIMIT = 10n ** BigInt(MODULE_LIMITS.integerDigits);
const { reach, elementSide, vectorLength, halvings: mostHalvings } = MODULE_LIMITS;

/** What is wrong, one sentence each; none if nothing is. */
type Complaints = Generator<string, void, undefined>;

/**
 * Checks every invariant above.
 * @throws DiagnosticError BMN0402 with `%name` as path, once per broken invariant, twenty at most
 */
export function verifyModule(module: MorphModule): void {
  const diagnostics: Diagnostic[] = [];
  const report = (path: string, complaints: Complaints): boolean => {
    let broken = false;
    for (const message of complaints) {
      broken = true;
      if (diagnostics.length < MOST_DIAGNOSTICS) diagnostics.push({ code: "BMN0402", message, path });
    }
    return broken;
  };

  report("module", checkModule(module));
  const names = new Set<string>();
  const scope: Scope = { input: module.input, types: [], broken: new Set() };
  for (const [id, value] of module.values.entries()) {
    const path = `%${value.name.slice(0, MODULE_LIMITS.nameLength)}`;
    report(path, checkLabels(value, names));
    names.add(value.name);
    const operands = [...new Set(operandsOf(value.node))];
    const broken =
      report(path, checkOperands(operands, id)) ||
      operands.some((operand) => scope.broken.has(operand)) ||
      report(path, checkNode(value.node, operands, scope));
    if (broken) scope.broken.add(id);
    scope.types.push(broken ? { kind: "bit" } : typeOfNode(value.node, scope.types, module.input));
  }
  report("output", checkOutputs(module.outputs, scope));
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
}

/** What is known of the values checked so far. */
interface Scope {
  readonly input: ModuleInput;
  /** The type of a broken value means nothing. */
  readonly types: ValueType[];
  /** Values that break an invariant or use one that does; their users are not checked further. */
  readonly broken: Set<ValueId>;
}

function* checkModule({ name, input }: MorphModule): Complaints {
  if (!isModuleName(name)) yield `the module's name is ${JSON.stringify(name.slice(0, 80))}`;
  if (!isBetween(input.channels, 1, MODULE_LIMITS.channels))
    yield `the input has ${input.channels} channels, not 1 to ${MODULE_LIMITS.channels}`;
  for (const side of ["height", "width"] as const) {
    const pixels = input[side];
    if (pixels !== null && !isBetween(pixels, 1, MODULE_LIMITS.imageSide))
      yield `the input's ${side} is ${pixels}, not 1 to ${MODULE_LIMITS.imageSide}`;
  }
}

function* checkLabels({ name, origin }: MorphValue, names: ReadonlySet<string>): Complaints {
  if (!isValueName(name)) yield "the name is not a letter or underscore followed by letters, digits and underscores";
  if (names.has(name)) yield "an earlier value has the same name";
  if (origin !== null && !isOriginPath(origin.path))
    yield "the origin is not 1 to 255 characters of ASCII without a space";
}

function* checkOperands(operands: readonly ValueId[], id: ValueId): Complaints {
  for (const operand of operands) {
    if (!isBetween(operand, 0, id - 1)) yield `operand ${operand} is not a value that comes earlier`;
  }
}

/** `operands` are those of the node, each once. */
function* checkNode(node: MorphNode, operands: readonly ValueId[], scope: Scope): Complaints {
  const typeOf = (id: ValueId): ValueType => scope.types[id] ?? { kind: "bit" };
  switch (node.kind) {
    case "input":
      yield* checkChannel(node.channel, scope.input);
      if (scope.input.samples !== "bits") yield "the module reads bytes: write level-set";
      return;
    case "level-set":
      yield* checkChannel(node.channel, scope.input);
      if (scope.input.samples !== "bytes") yield "the module reads bits: write input";
      if (!isBetween(node.threshold, 0, 256)) yield `the threshold ${node.threshold} is not in 0 … 256`;
      return;
    case "constant":
      yield* checkKind(typeOf(node.like), ["image", "bit"]);
      return;
    case "complement":
      yield* checkKind(typeOf(node.input), ["image", "bit"]);
      return;
    case "erosion":
    case "dilation":
      yield* checkKind(typeOf(node.input), ["image"]);
      yield* checkWindow(node.element);
      return;
    case "union":
    case "intersection":
      yield* checkAlike(operands.map(typeOf));
      return;
    case "threshold":
      yield* checkAlike(operands.map(typeOf));
      yield* checkThreshold(node, typeOf);
      return;
    case "subsample":
      yield* checkSubsample(typeOf(node.input));
      return;
    case "flatten":
      yield* checkFlatten(node, typeOf, scope);
      return;
    case "element":
      yield* checkElement(node, typeOf(node.input));
      return;
    case "readout":
      yield* checkReadout(node, typeOf(node.input));
      return;
    default:
      unreachable(node);
  }
}

function* checkChannel(channel: number, { channels }: ModuleInput): Complaints {
  if (!isBetween(channel, 0, channels - 1)) yield `the channel ${channel} is not in 0 … ${channels - 1}`;
}

function* checkKind(type: ValueType, kinds: readonly ValueType["kind"][]): Complaints {
  if (!kinds.includes(type.kind)) yield `the operand is ${describe(type)}, not ${kinds.map(withArticle).join(" or ")}`;
}

/** All bits, or all images of one size. */
function* checkAlike(types: readonly ValueType[]): Complaints {
  const [first] = types;
  if (first === undefined) {
    yield "there is no operand";
    return;
  }
  for (const type of types) yield* checkKind(type, ["image", "bit"]);
  const other = types.find((type) => !isAlike(first, type));
  if (other !== undefined) yield `the operands are ${describe(first)} and ${describe(other)}`;
}

function isAlike(a: ValueType, b: ValueType): boolean {
  return a.kind === b.kind && (a.kind !== "image" || b.kind !== "image" || a.halvings === b.halvings);
}

function* checkWindow({ height, width, originRow, originColumn, members }: StructuringElement): Complaints {
  if (!isBetween(height, 1, elementSide) || !isBetween(width, 1, elementSide)) {
    yield `the window ${height}x${width} does not have 1 to ${elementSide} rows and columns`;
    return;
  }
  if (members.length !== height * width) yield `the number of members is ${members.length}, not ${height * width}`;
  const rowsFit = isBetween(originRow, height - 1 - reach, reach);
  const columnsFit = isBetween(originColumn, width - 1 - reach, reach);
  if (!rowsFit || !columnsFit) {
    yield `the window reaches farther than ${reach} rows or columns from its origin ${originRow},${originColumn}`;
  }
}

function* checkThreshold(node: Threshold, typeOf: (id: ValueId) => ValueType): Complaints {
  if (!isPrintable(node.bound)) yield `the bound has more than ${MODULE_LIMITS.integerDigits} digits`;
  for (const [index, { input, offset, weight }] of node.terms.entries()) {
    if (weight === 0n) yield `the weight of term ${index} is zero`;
    if (!isPrintable(weight)) yield `the weight of term ${index} has more than ${MODULE_LIMITS.integerDigits} digits`;
    const limit = typeOf(input).kind === "bit" ? 0 : reach;
    if (!isBetween(offset.row, -limit, limit) || !isBetween(offset.column, -limit, limit)) {
      const what = limit === 0 ? "of a bit is not zero" : `is farther than ${reach} rows or columns`;
      yield `the offset (${offset.row},${offset.column}) ${what}`;
    }
  }
}

function* checkSubsample(type: ValueType): Complaints {
  yield* checkKind(type, ["image"]);
  if (type.kind === "image" && type.halvings >= mostHalvings)
    yield `the image was halved ${mostHalvings} times already`;
}

function* checkFlatten(node: Flatten, typeOf: (id: ValueId) => ValueType, scope: Scope): Complaints {
  if (node.inputs.length === 0) yield "there is no operand";
  let length = 0;
  for (const input of node.inputs) {
    const type = typeOf(input);
    if (type.kind !== "image" && type.kind !== "bit") {
      yield* checkKind(type, ["image", "bit"]);
      return;
    }
    const { height, width } = type.kind === "bit" ? { height: 1, width: 1 } : imageSize(scope.input, type.halvings);
    if (height === null || width === null) {
      yield "an image of free size is flattened";
      return;
    }
    length += height * width;
  }
  if (node.inputs.length > 0 && !isBetween(length, 1, vectorLength)) {
    yield `the length of the vector is ${length}, not 1 to ${vectorLength}`;
  }
}

function* checkElement(node: Element, type: ValueType): Complaints {
  yield* checkKind(type, ["vector"]);
  if (type.kind === "vector" && !isBetween(node.index, 0, type.length - 1)) {
    yield `the element ${node.index} is not in 0 … ${type.length - 1}`;
  }
}

function* checkReadout(node: Readout, type: ValueType): Complaints {
  yield* checkKind(type, ["vector"]);
  if (type.kind !== "vector") return;
  const classes = node.weights.length;
  if (classes === 0) yield "there is no class";
  if (node.biases.length !== classes) yield `the number of biases is ${node.biases.length}, not ${classes}`;
  if (node.activation.length !== classes)
    yield `the number of activations is ${node.activation.length}, not ${classes}`;
  for (const [label, row] of node.weights.entries()) {
    if (row.length !== type.length)
      yield `the number of weights of class ${label} is ${row.length}, not ${type.length}`;
  }
  if (![...node.weights, node.biases].every((row) => row.every(isPrintable))) {
    yield `a weight or bias has more than ${MODULE_LIMITS.integerDigits} digits`;
  }
  if (!isBetween(node.exponent, EXPONENTS.least, EXPONENTS.greatest)) {
    yield `the exponent ${node.exponent} is not in ${EXPONENTS.least} … ${EXPONENTS.greatest}`;
  }
}

function* checkOutputs(outputs: readonly ValueId[], { types, broken }: Scope): Complaints {
  if (outputs.length === 0) yield "there is no output";
  for (const id of outputs) {
    if (!isBetween(id, 0, types.length - 1)) yield `output ${id} is not a value`;
  }
  const known = outputs.flatMap((id) => (broken.has(id) ? [] : (types[id] ?? [])));
  const [first] = known;
  if (first === undefined) return;
  if (first.kind === "bit") yield "an output is a bit: flatten it";
  if (first.kind !== "image" && outputs.length > 1) yield `${describe(first)} is not the only output`;
  const other = known.find((type) => !isAlike(first, type));
  if (other !== undefined) yield `the outputs are ${describe(first)} and ${describe(other)}`;
}

/** Whether `value` is an integer from `least` to `greatest`. */
function isBetween(value: number, least: number, greatest: number): boolean {
  return Number.isInteger(value) && value >= least && value <= greatest;
}

function isPrintable(value: bigint): boolean {
  return value < INTEGER_LIMIT && value > -INTEGER_LIMIT;
}

function describe(type: ValueType): string {
  switch (type.kind) {
    case "image":
      return type.halvings === 0 ? "an image" : `an image of 1/${2 ** type.halvings} size`;
    case "vector":
      return `a vector of length ${type.length}`;
    case "bit":
    case "scores":
      return withArticle(type.kind);
    default:
      return unreachable(type);
  }
}

function withArticle(kind: ValueType["kind"]): string {
  if (kind === "scores") return "scores";
  return kind === "image" ? "an image" : `a ${kind}`;
}
