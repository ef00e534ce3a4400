/** Typed access to parsed JSON whose author is not trusted; every complaint names the field. */
import { type DiagnosticCode, fail } from "../diagnostics.js";

/** One JSON value, with the path that leads to it. */
export class JsonReader {
  readonly #value: unknown;
  readonly #path: string;
  readonly #code: DiagnosticCode;

  constructor(value: unknown, path: string, code: DiagnosticCode) {
    this.#value = value;
    this.#path = path;
    this.#code = code;
  }

  get isNull(): boolean {
    return this.#value === null;
  }

  /** Throws a DiagnosticError that names this value. */
  refuse(message: string): never {
    fail(this.#code, message, this.#path === "" ? {} : { path: this.#path });
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object(), name);
  }

  /** The value of a field, which must be there. */
  field(name: string): JsonReader {
    const fields = this.#object();
    if (!Object.hasOwn(fields, name)) this.refuse(`the field ${name} is missing`);
    return new JsonReader(fields[name], this.#path === "" ? name : `${this.#path}.${name}`, this.#code);
  }

  string(): string {
    if (typeof this.#value !== "string") this.refuse("expected a text");
    return this.#value;
  }

  /** A text that `pattern` matches; `what` says in words what it should be. */
  matching(pattern: RegExp, what: string): string {
    const text = this.string();
    if (!pattern.test(text)) this.refuse(`expected ${what}, got ${JSON.stringify(text.slice(0, 80))}`);
    return text;
  }

  boolean(): boolean {
    if (typeof this.#value !== "boolean") this.refuse("expected true or false");
    return this.#value;
  }

  number(): number {
    if (typeof this.#value !== "number") this.refuse("expected a number");
    return this.#value;
  }

  integer(least: number, greatest: number): number {
    const value = this.number();
    if (!Number.isInteger(value) || value < least || value > greatest) {
      this.refuse(`expected an integer from ${least} to ${greatest}, got ${value}`);
    }
    return value;
  }

  oneOf<T extends string | number>(values: readonly T[]): T {
    const found = values.find((value) => value === this.#value);
    if (found === undefined) this.refuse(`expected one of ${values.join(", ")}`);
    return found;
  }

  array(longest: number): JsonReader[] {
    const value = this.#value;
    if (!Array.isArray(value)) this.refuse("expected a list");
    if (value.length > longest) this.refuse(`a list of ${value.length} entries, at most ${longest} are allowed`);
    return value.map((entry: unknown, index) => new JsonReader(entry, `${this.#path}[${index}]`, this.#code));
  }

  #object(): Readonly<Record<string, unknown>> {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.refuse("expected an object");
    return { ...value };
  }
}

/** Parses a JSON text; what is wrong with it, or later with its values, is a diagnostic of the given code. */
export function parseJson(text: string, code: DiagnosticCode): JsonReader {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    fail(code, `not a JSON text: ${error instanceof Error ? error.message : "unknown error"}`);
  }
  return new JsonReader(value, "", code);
}
