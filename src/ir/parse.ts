import { DiagnosticError, fail } from "../diagnostics.js";
import type { BorderRule } from "../morph/border.js";
import { type Offset, parseElement, type StructuringElement } from "../morph/structuring-element.js";
import { isModuleName, isOriginPath, MODULE_LIMITS } from "./limits.js";
import type {
  Grade,
  ModuleInput,
  MorphModule,
  MorphNode,
  MorphValue,
  NodeOrigin,
  ScoreActivation,
  Threshold,
  ThresholdTerm,
  ValueId,
} from "./node.js";
import { LineScanner } from "./scan.js";

/**
 * Module of a text as `printModule` writes it; docs/ir.md has the grammar. Checks the text alone: `verifyModule` checks
 * what it says.
 * @throws DiagnosticError BMN0401 with `line:column`
 */
export function parseModule(text: string): MorphModule {
  if (text.length > MODULE_LIMITS.textLength) {
    fail("BMN0401", `the text has more than ${MODULE_LIMITS.textLength} characters`);
  }
  return new Parser(text).module();
}

type Readers = Readonly<Record<MorphNode["kind"], () => MorphNode>>;

const GRADES: readonly Grade[] = ["exact", "hardened", "approximate"];
const BORDERS: readonly BorderRule[] = ["replicate", "zeros"];
const SAMPLES: readonly ModuleInput["samples"][] = ["bits", "bytes"];
const ACTIVATIONS: readonly ScoreActivation[] = ["tanh", "sigmoid", "erf", "arctan", "step", "identity"];

const { elementSide } = MODULE_LIMITS;
/** The window's digits and slashes, and room for its size and origin. */
const ELEMENT_CHARACTERS = elementSide * (elementSide + 1) + 64;
const HERE: Offset = { row: 0, column: 0 };

class Parser {
  readonly #scanner: LineScanner;
  readonly #values: MorphValue[] = [];
  readonly #ids = new Map<string, ValueId>();

  constructor(text: string) {
    this.#scanner = new LineScanner(text);
  }

  module(): MorphModule {
    const scanner = this.#scanner;
    this.#nextLine("a module");
    scanner.expectWord("module", 'a module starts like module "opening" (input 1x?x? bits) {');
    const name = this.#moduleName();
    scanner.expect("(");
    const input = this.#input();
    scanner.expect(")");
    scanner.expect("{");
    scanner.endLine();
    const outputs = this.#body();
    if (scanner.nextLine()) scanner.malformed(`expected nothing after the module, got ${scanner.describeNext()}`);
    return { name, input, values: this.#values, outputs };
  }

  #nextLine(expected: string): void {
    if (!this.#scanner.nextLine()) this.#scanner.malformed(`the text ends where ${expected} is expected`);
  }

  #moduleName(): string {
    const { position } = this.#scanner;
    const quoted = this.#scanner.throughQuotes(80);
    const name = quoted.slice(1, -1);
    if (!quoted.startsWith('"') || !isModuleName(name)) {
      const hint = "letters, digits and underscores in quotation marks, not starting with a digit, at most 63";
      this.#scanner.malformed(`not a module's name: ${quoted}`, hint, position);
    }
    return name;
  }

  #input(): ModuleInput {
    const scanner = this.#scanner;
    const hint = "channels, height and width, ? where any size is accepted, like input 1x?x? bits";
    const side = (): number | null => (scanner.accept("?") ? null : scanner.number());
    scanner.expectWord("input", hint);
    const channels = scanner.number();
    scanner.expect("x", hint);
    const height = side();
    scanner.expect("x", hint);
    const width = side();
    return { channels, height, width, samples: this.#oneOf(SAMPLES, "samples") };
  }

  /** Definitions, then the outputs, then the closing brace. */
  #body(): ValueId[] {
    const scanner = this.#scanner;
    for (;;) {
      this.#nextLine("a value or an output");
      if (!scanner.startsWith("%")) break;
      this.#definition();
    }
    scanner.expectWord("output", "a line is a definition like %e = complement %x, or output %e");
    const outputs = this.#operands();
    this.#nextLine("the closing brace");
    scanner.expect("}", "nothing follows the outputs of a module");
    scanner.endLine();
    return outputs;
  }

  #definition(): void {
    const scanner = this.#scanner;
    const { position } = scanner;
    const name = scanner.name();
    if (this.#ids.has(name)) scanner.malformed(`%${name} is defined twice`, "give each value its own name", position);
    scanner.expect("=");
    const origin = parseOrigin(scanner.comment);
    const node = this.#node();
    this.#ids.set(name, this.#values.length);
    this.#values.push({ name, node, origin });
  }

  readonly #readers: Readers = {
    input: () => ({ kind: "input", channel: this.#scanner.number() }),
    "level-set": () => {
      const channel = this.#scanner.number();
      this.#scanner.expect(">=", "a level set is written like level-set 0 >= 128");
      return { kind: "level-set", channel, threshold: this.#scanner.number() };
    },
    constant: () => {
      const { position } = this.#scanner;
      const value = this.#scanner.number();
      if (value !== 0 && value !== 1) this.#scanner.malformed("a constant is 0 or 1", null, position);
      this.#scanner.expectWord("like", "a constant is written like constant 1 like %x");
      return { kind: "constant", like: this.#operand(), value };
    },
    erosion: () => ({ kind: "erosion", ...this.#window() }),
    dilation: () => ({ kind: "dilation", ...this.#window() }),
    union: () => ({ kind: "union", inputs: this.#operands() }),
    intersection: () => ({ kind: "intersection", inputs: this.#operands() }),
    complement: () => ({ kind: "complement", input: this.#operand() }),
    threshold: () => this.#threshold(),
    subsample: () => ({ kind: "subsample", input: this.#operand() }),
    flatten: () => ({ kind: "flatten", inputs: this.#operands() }),
    element: () => ({ kind: "element", input: this.#operand(), index: this.#scanner.number() }),
    readout: () => this.#readout(),
  };

  #node(): MorphNode {
    const scanner = this.#scanner;
    const { position } = scanner;
    const quoted = scanner.describeNext();
    const kind = scanner.word();
    if (!Object.hasOwn(this.#readers, kind)) {
      const hint = `the operations are ${Object.keys(this.#readers).join(", ")}`;
      scanner.malformed(`expected an operation, got ${quoted}`, hint, position);
    }
    const node = this.#readers[kind as MorphNode["kind"]]();
    scanner.endLine();
    return node;
  }

  #operand(): ValueId {
    const { position } = this.#scanner;
    const name = this.#scanner.name();
    const id = this.#ids.get(name);
    if (id === undefined) {
      this.#scanner.malformed(`%${name} is not defined`, "a value is defined on a line before its users", position);
    }
    return id;
  }

  #operands(): ValueId[] {
    const ids: ValueId[] = [];
    while (!this.#scanner.atEnd) ids.push(this.#operand());
    return ids;
  }

  #window(): { readonly input: ValueId; readonly element: StructuringElement; readonly border: BorderRule } {
    const input = this.#operand();
    this.#scanner.expectWord("by", 'write it like erosion %x by 3x3@1,1 "010/111/010" border zeros');
    return { input, element: this.#element(), border: this.#border() };
  }

  #element(): StructuringElement {
    const scanner = this.#scanner;
    const { position } = scanner;
    const element = this.#placed(position, () => parseElement(scanner.throughQuotes(ELEMENT_CHARACTERS)));
    if (element.height > elementSide || element.width > elementSide) {
      scanner.malformed(`a window has at most ${elementSide} rows and columns`, null, position);
    }
    return element;
  }

  /** Runs `action`, naming `position` in every diagnostic it throws that names no place. */
  #placed<T>(position: number, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      const path = this.#scanner.placeOf(position);
      throw new DiagnosticError(error.diagnostics.map((diagnostic) => ({ path, ...diagnostic })));
    }
  }

  #border(): BorderRule {
    this.#scanner.expectWord("border", "end it with border replicate or border zeros");
    return this.#oneOf(BORDERS, "a border rule");
  }

  #threshold(): Threshold {
    const scanner = this.#scanner;
    const terms: ThresholdTerm[] = [];
    while (!scanner.accept(">")) terms.push(this.#term(terms.length === 0));
    const bound = scanner.integer();
    return { kind: "threshold", terms, bound, border: this.#border() };
  }

  #term(first: boolean): ThresholdTerm {
    const scanner = this.#scanner;
    const negative = !first && scanner.accept("-");
    if (!first && !negative) scanner.expect("+", "a threshold is written like threshold 3*%x - 5*%y(0,1) > 2");
    const magnitude = scanner.integer();
    scanner.expect("*", "every term has a weight, like 1*%x");
    const input = this.#operand();
    return { input, offset: this.#offset(), weight: negative ? -magnitude : magnitude };
  }

  #offset(): Offset {
    const scanner = this.#scanner;
    if (!scanner.accept("(")) return HERE;
    const row = scanner.number();
    scanner.expect(",", "an offset is written (row,column)");
    const column = scanner.number();
    scanner.expect(")");
    return { row, column };
  }

  #readout(): MorphNode {
    const scanner = this.#scanner;
    const input = this.#operand();
    scanner.expect("2^", "a read-out is written like readout %v 2^-30 {");
    const exponent = scanner.number();
    scanner.expect("{");
    scanner.endLine();
    const weights: bigint[][] = [];
    const biases: bigint[] = [];
    const activation: ScoreActivation[] = [];
    for (;;) {
      this.#nextLine("a class or the closing brace");
      if (scanner.accept("}")) break;
      scanner.expectWord("class", "a class is written like class tanh weights 3 0 -2 bias 7");
      activation.push(this.#oneOf(ACTIVATIONS, "an activation"));
      scanner.expectWord("weights");
      const row: bigint[] = [];
      while (scanner.nextIsInteger) row.push(scanner.integer());
      weights.push(row);
      scanner.expectWord("bias");
      biases.push(scanner.integer());
      scanner.endLine();
    }
    return { kind: "readout", input, weights, biases, exponent, activation };
  }

  #oneOf<T extends string>(words: readonly T[], what: string): T {
    const { position } = this.#scanner;
    const quoted = this.#scanner.describeNext();
    const word = this.#scanner.word();
    const found = words.find((candidate) => candidate === word);
    if (found === undefined) {
      this.#scanner.malformed(`expected ${what}, got ${quoted}`, `one of ${words.join(", ")}`, position);
    }
    return found;
  }
}

/** `path` or `path grade`; any other comment says nothing. */
function parseOrigin(comment: string): NodeOrigin | null {
  if (comment.length > MODULE_LIMITS.nameLength + 1 + "approximate".length) return null;
  const [path = "", grade, ...more] = comment.split(" ");
  if (!isOriginPath(path) || more.length > 0) return null;
  if (grade === undefined) return { path, grade: null };
  const found = GRADES.find((candidate) => candidate === grade);
  return found === undefined ? null : { path, grade: found };
}
