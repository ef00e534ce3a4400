import { fail } from "../diagnostics.js";

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z]+/y;
/** Levels of objects and arrays; a model has eight. */
const DEEPEST_NESTING = 64;

export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

const KIND_OF_WORD: Readonly<Record<string, JsonKind>> = { true: "boolean", false: "boolean", null: "null" };

/**
 * Reads JSON text (RFC 8259) value by value, so that the reader of a format decides what is kept and can say where.
 * @throws DiagnosticError BMN0209 with `line:column` where the text is malformed
 */
export class JsonScanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Offset of the next value or mark. */
  get position(): number {
    this.#skipSpace();
    return this.#position;
  }

  /** `line:column` of an offset, both from 1, columns in UTF-16 units. */
  placeOf(offset: number): string {
    let line = 1;
    let start = 0;
    for (;;) {
      const next = this.#text.indexOf("\n", start);
      if (next === -1 || next >= offset) return `${line}:${offset - start + 1}`;
      line++;
      start = next + 1;
    }
  }

  malformed(message: string, offset: number = this.position): never {
    fail("BMN0209", message, { path: this.placeOf(offset) });
  }

  /** Kind of the next value, which stays unread. */
  peek(): JsonKind {
    this.#skipSpace();
    const next = this.#text.charAt(this.#position);
    if (next === "{") return "object";
    if (next === "[") return "array";
    if (next === '"') return "string";
    if (next === "-" || (next >= "0" && next <= "9")) return "number";
    WORD.lastIndex = this.#position;
    const word = WORD.exec(this.#text)?.[0] ?? "";
    const kind = Object.hasOwn(KIND_OF_WORD, word) ? KIND_OF_WORD[word] : undefined;
    if (kind === undefined) this.malformed(`expected a value, got ${this.#nextMark()}`);
    return kind;
  }

  /** Calls `member` on every key of an object, with its offset; `member` must read or skip the value. */
  object(member: (key: string, offset: number) => void): void {
    this.#sequence("{", "}", () => {
      const offset = this.position;
      if (this.#text.charAt(offset) !== '"') this.malformed(`expected a field name, got ${this.#nextMark()}`);
      const key = this.string();
      this.#expect(":");
      member(key, offset);
    });
  }

  /** Calls `element` before every element of an array; it must read or skip the value. */
  array(element: (index: number) => void): void {
    let index = 0;
    this.#sequence("[", "]", () => element(index++));
  }

  string(): string {
    const start = this.position;
    if (this.#text.charAt(start) !== '"') this.malformed(`expected a string, got ${this.#nextMark()}`);
    let escaped = false;
    for (let index = start + 1; index < this.#text.length; index++) {
      const code = this.#text.charCodeAt(index);
      if (code === 0x22) {
        this.#position = index + 1;
        return escaped ? this.#unescape(start) : this.#text.slice(start + 1, index);
      }
      if (code < 0x20) this.malformed("a control character inside a string", index);
      if (code === 0x5c) {
        escaped = true;
        index++;
      }
    }
    this.malformed("a string has no end", start);
  }

  number(): number {
    NUMBER.lastIndex = this.position;
    const match = NUMBER.exec(this.#text);
    if (match === null) this.malformed("a malformed number");
    this.#position = NUMBER.lastIndex;
    return Number(match[0]);
  }

  boolean(): boolean {
    const start = this.position;
    this.#word();
    return this.#text.startsWith("true", start);
  }

  null(): void {
    this.#word();
  }

  /** Passes over the next value, whatever it is. */
  skip(depth = 0): void {
    if (depth > DEEPEST_NESTING) this.malformed("objects and arrays are nested too deeply");
    const kind = this.peek();
    if (kind === "object") this.object(() => this.skip(depth + 1));
    else if (kind === "array") this.array(() => this.skip(depth + 1));
    else if (kind === "string") this.string();
    else if (kind === "number") this.number();
    else this.#word();
  }

  /** Checks that nothing follows. */
  end(): void {
    if (this.position < this.#text.length) this.malformed(`expected the end, got ${this.#nextMark()}`);
  }

  #word(): void {
    this.peek();
    this.#position = WORD.lastIndex;
  }

  #sequence(open: string, close: string, item: () => void): void {
    this.#expect(open);
    if (this.#text.charAt(this.position) === close) {
      this.#position++;
      return;
    }
    for (;;) {
      item();
      const mark = this.#text.charAt(this.position);
      if (mark !== "," && mark !== close) this.malformed(`expected , or ${close}, got ${this.#nextMark()}`);
      this.#position++;
      if (mark === close) return;
    }
  }

  #expect(mark: string): void {
    if (this.#text.charAt(this.position) !== mark) this.malformed(`expected ${mark}, got ${this.#nextMark()}`);
    this.#position++;
  }

  #nextMark(): string {
    const mark = this.#text.charAt(this.#position);
    return mark === "" ? "the end" : JSON.stringify(mark);
  }

  #unescape(start: number): string {
    try {
      return JSON.parse(this.#text.slice(start, this.#position)) as string;
    } catch {
      this.malformed("a bad escape inside a string", start);
    }
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#position++;
    }
  }
}
