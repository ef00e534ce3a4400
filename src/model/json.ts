/** The protobuf JSON form of a model: field names in camelCase or as in the schema, every number array as it is. */
import type { DiagnosticCode } from "../diagnostics.js";
import { ENUMS, type FieldDescriptor, MESSAGES, type Model as ModelMessage } from "../gen/model.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { Findings } from "./findings.js";
import { type JsonKind, JsonScanner } from "./json-scanner.js";
import { FORMAT_VERSION, REPEATED_LIMITS } from "./limits.js";
import { nearestName } from "./nearest-name.js";

const ARTICLE_OF_KIND: Readonly<Record<JsonKind, string>> = {
  object: "an object",
  array: "an array",
  string: "a string",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

const NON_FINITE: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };

/** Integers of each type, least and greatest. */
const INTEGER_RANGE: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};

/**
 * Message of a JSON text. Of an unknown format version only the version is reliable: its fields may be unknown.
 * @throws DiagnosticError BMN0205, BMN0206 or BMN0209 at `line:column`
 */
export function readModelJson(text: string): ModelMessage {
  const reader = new MessageReader(text);
  const message = reader.read() as ModelMessage;
  if (message.formatVersion === FORMAT_VERSION || message.formatVersion === undefined) reader.findings.throwIfAny();
  return message;
}

class MessageReader {
  readonly findings = new Findings();
  readonly #scanner: JsonScanner;
  readonly #counts = new Map<string, number>();

  constructor(text: string) {
    this.#scanner = new JsonScanner(text);
  }

  read(): Record<string, unknown> {
    const message = this.#message("Model", "");
    this.#scanner.end();
    return message;
  }

  #message(name: string, path: string): Record<string, unknown> {
    const fields = MESSAGES[name] ?? {};
    const message: Record<string, unknown> = {};
    const seen = new Set<string>();
    this.#scanner.object((key, offset) => {
      const known = fieldOf(fields, key);
      if (known === undefined) {
        this.#unknownField(fields, key, path, offset);
        this.#scanner.skip();
        return;
      }
      const [camelName, field] = known;
      const fieldPath = path === "" ? camelName : `${path}.${camelName}`;
      if (seen.has(camelName)) this.#scanner.malformed(`${fieldPath} is given twice`, offset);
      seen.add(camelName);
      const value = this.#field(field, `${name}.${camelName}`, fieldPath);
      if (value !== undefined) message[camelName] = value;
    });
    return message;
  }

  #field(field: FieldDescriptor, qualifiedName: string, path: string): unknown {
    if (this.#scanner.peek() === "null") {
      this.#scanner.null();
      return undefined;
    }
    if (!field.repeated) return this.#single(field, path);
    if (!this.#isOf("array", path)) return undefined;
    const limit = REPEATED_LIMITS[qualifiedName] ?? Number.POSITIVE_INFINITY;
    const values: unknown[] = [];
    this.#scanner.array((index) => {
      const count = (this.#counts.get(qualifiedName) ?? 0) + 1;
      this.#counts.set(qualifiedName, count);
      if (count > limit) {
        this.#report("BMN0205", `more than ${limit} entries of ${qualifiedName}`, this.#scanner.position);
        this.findings.throwIfAny();
      }
      values.push(this.#single(field, `${path}[${index}]`));
    });
    return values;
  }

  /** One value; undefined, and reported, if it is of the wrong kind. */
  #single(field: FieldDescriptor, path: string): unknown {
    if (field.kind === "message") return this.#isOf("object", path) ? this.#message(field.type, path) : undefined;
    if (field.kind === "enum") return this.#enumValue(field.type, path);
    switch (field.type) {
      case "bool":
        return this.#isOf("boolean", path) ? this.#scanner.boolean() : undefined;
      case "string":
        return this.#isOf("string", path) ? this.#scanner.string() : undefined;
      case "bytes":
        return this.#bytes(path);
      case "float":
      case "double":
        return this.#real(path);
      default:
        return this.#integer(field.type, path);
    }
  }

  #enumValue(type: string, path: string): number | undefined {
    if (this.#scanner.peek() === "number") return this.#integer("int32", path);
    const offset = this.#scanner.position;
    if (!this.#isOf("string", path)) return undefined;
    const name = this.#scanner.string();
    const values = ENUMS[type] ?? {};
    if (Object.hasOwn(values, name)) return values[name];
    const known = Object.keys(values).filter((value) => values[value] !== 0);
    this.#report("BMN0206", `${path} is ${quote(name)}`, offset, `known values: ${known.join(", ")}`);
    return undefined;
  }

  #bytes(path: string): Uint8Array | undefined {
    const offset = this.#scanner.position;
    if (!this.#isOf("string", path)) return undefined;
    const bytes = decodeBase64(this.#scanner.string());
    if (bytes === null) this.#report("BMN0209", `${path} is not base64`, offset);
    return bytes ?? undefined;
  }

  #real(path: string): number | undefined {
    const offset = this.#scanner.position;
    if (this.#scanner.peek() === "number") return this.#scanner.number();
    if (!this.#isOf("string", path, "number")) return undefined;
    const text = this.#scanner.string();
    if (Object.hasOwn(NON_FINITE, text)) return NON_FINITE[text];
    this.#report("BMN0209", `expected a number for ${path}, got ${quote(text)}`, offset);
    return undefined;
  }

  #integer(type: string, path: string): number | undefined {
    const offset = this.#scanner.position;
    if (!this.#isOf("number", path)) return undefined;
    const value = this.#scanner.number();
    const [least, greatest] = INTEGER_RANGE[type] ?? [0, 0];
    if (!Number.isFinite(value) || value < least || value > greatest) {
      this.#report("BMN0205", `${path} is ${value}, which is out of range`, offset);
      return undefined;
    }
    if (Number.isInteger(value)) return value;
    this.#report("BMN0209", `expected an integer for ${path}, got ${value}`, offset);
    return undefined;
  }

  /** Whether the next value is of `kind`; if not, it is reported as not `wanted`, and skipped. */
  #isOf(kind: JsonKind, path: string, wanted: JsonKind = kind): boolean {
    const actual = this.#scanner.peek();
    if (actual === kind) return true;
    const message = `expected ${ARTICLE_OF_KIND[wanted]} for ${path}, got ${ARTICLE_OF_KIND[actual]}`;
    this.#report("BMN0209", message, this.#scanner.position);
    this.#scanner.skip();
    return false;
  }

  #unknownField(fields: Readonly<Record<string, FieldDescriptor>>, key: string, path: string, offset: number): void {
    const names = Object.keys(fields);
    const nearest = nearestName(key, names);
    const known = names.length === 0 ? "it has no fields" : `known fields: ${names.join(", ")}`;
    const hint = nearest === null ? known : `did you mean ${quote(nearest)}?`;
    const message = `unknown field ${quote(key)}${path === "" ? "" : ` in ${path}`}`;
    this.#report("BMN0209", message, offset, hint);
  }

  /** Finding a place takes as long as the text up to it: reading ends at the last finding that is kept. */
  #report(code: DiagnosticCode, message: string, offset: number, hint?: string): void {
    this.findings.add(code, message, this.#scanner.placeOf(offset), hint);
    if (this.findings.full) this.findings.throwIfAny();
  }
}

/** Field of a camelCase or schema name, with its camelCase name. */
function fieldOf(
  fields: Readonly<Record<string, FieldDescriptor>>,
  key: string,
): readonly [string, FieldDescriptor] | undefined {
  return Object.entries(fields).find(([camelName, field]) => camelName === key || field.protoName === key);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Pretty text of a message, the fields in the order of the schema, unset ones left out; ends with a newline. */
export function writeModelJson(message: ModelMessage): string {
  return `${messageText("Model", message as Readonly<Record<string, unknown>>, "")}\n`;
}

function messageText(name: string, message: Readonly<Record<string, unknown>>, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(MESSAGES[name] ?? {}).flatMap(([camelName, field]) => {
    const value = message[camelName];
    if (value === undefined || value === null) return [];
    const shape = message["shape"];
    const rowLength = name === "Tensor" && Array.isArray(shape) ? Number(shape.at(-1)) : 0;
    const text = Array.isArray(value)
      ? arrayText(field, value, inner, camelName === "values" ? rowLength : 0)
      : valueText(field, value, inner);
    return [`${inner}"${camelName}": ${text}`];
  });
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
}

/** Numbers stand in one line, or in lines of `rowLength`; messages in a line each. */
function arrayText(field: FieldDescriptor, values: readonly unknown[], indent: string, rowLength: number): string {
  const inner = `${indent}  `;
  const texts = values.map((value) => valueText(field, value, inner));
  if (texts.length === 0) return "[]";
  if (field.kind === "message") return `[\n${texts.map((text) => inner + text).join(",\n")}\n${indent}]`;
  if (rowLength === 0 || texts.length <= rowLength) return `[${texts.join(", ")}]`;
  const rows = Array.from({ length: Math.ceil(texts.length / rowLength) }, (_, row) =>
    texts.slice(row * rowLength, (row + 1) * rowLength).join(", "),
  );
  return `[\n${rows.map((row) => inner + row).join(",\n")}\n${indent}]`;
}

function valueText(field: FieldDescriptor, value: unknown, indent: string): string {
  if (value instanceof Uint8Array) return `"${encodeBase64(value)}"`;
  if (typeof value === "object") return messageText(field.type, value as Readonly<Record<string, unknown>>, indent);
  if (typeof value !== "number") return JSON.stringify(value);
  if (field.kind === "enum") {
    const name = Object.entries(ENUMS[field.type] ?? {}).find(([, number]) => number === value)?.[0];
    return JSON.stringify(name ?? value);
  }
  if (!Number.isFinite(value)) return `"${value}"`;
  return field.type === "float" ? float32Text(value) : numberText(value);
}

/** Shortest decimal that rounds to the same float32. */
function float32Text(value: number): string {
  if (value === 0) return numberText(value);
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return numberText(candidate);
  }
  return numberText(Number(value.toPrecision(9)));
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
