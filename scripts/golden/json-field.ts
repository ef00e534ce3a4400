export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const NON_FINITE: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
};

/** A value of a parsed JSON file that knows where it stands, so that a wrong file is refused by name. */
export class JsonField {
  readonly path: string;
  readonly #value: Json;

  constructor(value: Json, path: string) {
    this.#value = value;
    this.path = path;
  }

  has(key: string): boolean {
    return isObject(this.#value) && Object.hasOwn(this.#value, key) && this.#value[key] !== null;
  }

  get(key: string): JsonField {
    const value = isObject(this.#value) && Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
    return value === undefined ? this.#refuse(`a field ${key}`) : new JsonField(value, `${this.path}.${key}`);
  }

  items(): JsonField[] {
    if (!Array.isArray(this.#value)) return this.#refuse("an array");
    return this.#value.map((value: Json, index) => new JsonField(value, `${this.path}[${index}]`));
  }

  text(): string {
    return typeof this.#value === "string" ? this.#value : this.#refuse("a string");
  }

  boolean(): boolean {
    return typeof this.#value === "boolean" ? this.#value : this.#refuse("true or false");
  }

  number(): number {
    return typeof this.#value === "number" ? this.#value : this.#refuse("a finite number");
  }

  numbers(): number[] {
    return this.items().map((field) => field.number());
  }

  /** A number, or one of the texts `inf`, `-inf` and `nan`. */
  extendedNumber(): number {
    const named = typeof this.#value === "string" ? NON_FINITE[this.#value] : undefined;
    return named ?? this.number();
  }

  #refuse(expected: string): never {
    throw new Error(`${this.path}: expected ${expected}`);
  }
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
