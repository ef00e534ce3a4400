import { InternalError, unreachable } from "../diagnostics.js";
import { printElement } from "../morph/structuring-element.js";
import type {
  ModuleInput,
  MorphModule,
  MorphNode,
  MorphValue,
  NodeOrigin,
  Readout,
  Threshold,
  ValueId,
} from "./node.js";

/**
 * Text form of a module, one value a line; `parseModule` is the exact inverse on every module that `verifyModule`
 * accepts. The grammar is in docs/ir.md.
 */
export function printModule(module: MorphModule): string {
  const nameOf = (id: ValueId): string => {
    const value = module.values[id];
    if (value === undefined) throw new InternalError(`no value ${id} to print`);
    return `%${value.name}`;
  };
  const lines = [
    `module "${module.name}" (${printInput(module.input)}) {`,
    ...module.values.flatMap((value) => printValue(value, nameOf)),
    `  ${["output", ...module.outputs.map(nameOf)].join(" ")}`,
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

type NameOf = (id: ValueId) => string;

function printInput({ channels, height, width, samples }: ModuleInput): string {
  return `input ${channels}x${height ?? "?"}x${width ?? "?"} ${samples}`;
}

function printValue(value: MorphValue, nameOf: NameOf): string[] {
  const { name, node } = value;
  const comment = value.origin === null ? "" : `  ; ${printOrigin(value.origin)}`;
  const first = `  %${name} = ${printNode(node, nameOf)}`;
  if (node.kind !== "readout") return [first + comment];
  return [`${first} {${comment}`, ...printClasses(node), "  }"];
}

function printOrigin(origin: NodeOrigin): string {
  return origin.grade === null ? origin.path : `${origin.path} ${origin.grade}`;
}

function printNode(node: MorphNode, nameOf: NameOf): string {
  switch (node.kind) {
    case "input":
      return `input ${node.channel}`;
    case "level-set":
      return `level-set ${node.channel} >= ${node.threshold}`;
    case "constant":
      return `constant ${node.value} like ${nameOf(node.like)}`;
    case "erosion":
    case "dilation":
      return `${node.kind} ${nameOf(node.input)} by ${printElement(node.element)} border ${node.border}`;
    case "union":
    case "intersection":
    case "flatten":
      return [node.kind, ...node.inputs.map(nameOf)].join(" ");
    case "complement":
    case "subsample":
      return `${node.kind} ${nameOf(node.input)}`;
    case "threshold":
      return ["threshold", ...printTerms(node, nameOf), ">", node.bound, "border", node.border].join(" ");
    case "element":
      return `element ${nameOf(node.input)} ${node.index}`;
    case "readout":
      return `readout ${nameOf(node.input)} 2^${node.exponent}`;
    default:
      return unreachable(node);
  }
}

/** `3*%x(-1,0)`, `- 5*%x`: the sign of the first term touches its weight, later signs stand between the terms. */
function printTerms(node: Threshold, nameOf: NameOf): string[] {
  return node.terms.map(({ input, offset, weight }, index) => {
    const negative = weight < 0n;
    const later = negative ? "- " : "+ ";
    const first = negative ? "-" : "";
    const place = offset.row === 0 && offset.column === 0 ? "" : `(${offset.row},${offset.column})`;
    return `${index === 0 ? first : later}${negative ? -weight : weight}*${nameOf(input)}${place}`;
  });
}

function printClasses(node: Readout): string[] {
  return node.weights.map((row, label) => {
    const activation = node.activation[label];
    const bias = node.biases[label];
    if (activation === undefined || bias === undefined) throw new InternalError(`class ${label} is incomplete`);
    return ["    class", activation, "weights", ...row, "bias", bias].join(" ");
  });
}
