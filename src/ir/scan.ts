import { fail } from "../diagnostics.js";
import { MODULE_LIMITS } from "./limits.js";

/** Characters of the text that a message quotes. */
const QUOTED_CHARACTERS = 40;
/** More digits than any size or position has, few enough for a double. */
const NUMBER_DIGITS = 15;

/**
 * Reads MorphIR text line by line and each line mark by mark, in one pass without backtracking. A comment runs from a
 * semicolon to the end of its line; spaces between marks mean nothing.
 * @throws DiagnosticError BMN0401 with `line:column`, both from 1, columns in UTF-16 units
 */
export class LineScanner {
  readonly #text: string;
  /** Where the next line starts. */
  #next = 0;
  #lineNumber = 0;
  /** The line without its comment. */
  #line = "";
  #comment = "";
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Goes to the next line that holds more than a comment; false where there is none. */
  nextLine(): boolean {
    while (this.#next < this.#text.length) {
      const newline = this.#text.indexOf("\n", this.#next);
      const end = newline === -1 ? this.#text.length : newline;
      this.#enter(this.#text.slice(this.#next, end));
      this.#next = end + 1;
      if (!this.atEnd) return true;
    }
    return false;
  }

  #enter(line: string): void {
    const semicolon = line.indexOf(";");
    this.#line = semicolon === -1 ? line : line.slice(0, semicolon);
    this.#comment = semicolon === -1 ? "" : line.slice(semicolon + 1).trim();
    this.#position = 0;
    this.#lineNumber++;
  }

  /** Text of the line's comment without the semicolon. */
  get comment(): string {
    return this.#comment;
  }

  /** Whether nothing is left on the line. */
  get atEnd(): boolean {
    return this.#skipSpace() === this.#line.length;
  }

  /** Offset of the next mark in the line, for {@link malformed}. */
  get position(): number {
    return this.#skipSpace();
  }

  /** Fails at `position`, by default at the next mark. */
  malformed(message: string, hint: string | null = null, position: number = this.position): never {
    fail("BMN0401", message, { path: this.placeOf(position), ...(hint === null ? {} : { hint }) });
  }

  /** `line:column` of an offset in the line. */
  placeOf(position: number): string {
    return `${Math.max(this.#lineNumber, 1)}:${position + 1}`;
  }

  /** What comes next, for a message. */
  describeNext(): string {
    const rest = this.#line.slice(this.position, this.#position + QUOTED_CHARACTERS).trimEnd();
    return rest === "" ? "the end of the line" : JSON.stringify(rest);
  }

  /** Whether `mark` comes next. */
  startsWith(mark: string): boolean {
    return this.#line.startsWith(mark, this.#skipSpace());
  }

  /** Reads `mark` if it comes next. */
  accept(mark: string): boolean {
    const found = this.startsWith(mark);
    if (found) this.#position += mark.length;
    return found;
  }

  expect(mark: string, hint: string | null = null): void {
    if (!this.accept(mark)) this.malformed(`expected "${mark}", got ${this.describeNext()}`, hint);
  }

  endLine(hint: string | null = null): void {
    if (!this.atEnd) this.malformed(`expected the end of the line, got ${this.describeNext()}`, hint);
  }

  /** Small letters and hyphens; empty if something else comes next. */
  word(): string {
    return this.#run(isWordCharacter);
  }

  expectWord(word: string, hint: string | null = null): void {
    const start = this.position;
    if (this.word() !== word) {
      this.#position = start;
      this.malformed(`expected "${word}", got ${this.describeNext()}`, hint);
    }
  }

  /** A name, which follows its `%` at once. */
  name(): string {
    this.expect("%", "a value is written like %eroded");
    const start = this.#position;
    const name = isSpace(this.#line.charCodeAt(start)) ? "" : this.#run(isNameCharacter);
    if (name === "" || isDigit(name.charCodeAt(0))) {
      this.malformed("a value's name starts with a letter or an underscore", null, start);
    }
    if (name.length > MODULE_LIMITS.nameLength) {
      this.malformed(`a value's name has more than ${MODULE_LIMITS.nameLength} characters`, null, start);
    }
    return name;
  }

  /** Whether a digit or a minus sign comes next. */
  get nextIsInteger(): boolean {
    const code = this.#line.charCodeAt(this.#skipSpace());
    return isDigit(code) || code === 0x2d;
  }

  /** A size, position or exponent. */
  number(): number {
    return Number(this.#integer(NUMBER_DIGITS));
  }

  /** A weight, bound or bias. */
  integer(): bigint {
    return this.#integer(MODULE_LIMITS.integerDigits);
  }

  #integer(digitLimit: number): bigint {
    const start = this.position;
    const negative = this.accept("-");
    const digits = isDigit(this.#line.charCodeAt(this.#position)) ? this.#run(isDigit) : "";
    if (digits === "") {
      this.#position = start;
      this.malformed(`expected an integer, got ${this.describeNext()}`);
    }
    if (digits.length > digitLimit) this.malformed(`an integer here has at most ${digitLimit} digits`, null, start);
    return negative ? -BigInt(digits) : BigInt(digits);
  }

  /** Everything up to the second quotation mark, which must come within `limit` characters. */
  throughQuotes(limit: number): string {
    const start = this.position;
    const open = this.#line.indexOf('"', start);
    const close = open === -1 ? -1 : this.#line.indexOf('"', open + 1);
    if (close === -1) this.malformed(`expected a text in quotation marks, got ${this.describeNext()}`);
    if (close - start >= limit) this.malformed(`the text has more than ${limit} characters`);
    this.#position = close + 1;
    return this.#line.slice(start, close + 1);
  }

  #run(belongs: (code: number) => boolean): string {
    const start = this.#skipSpace();
    while (belongs(this.#line.charCodeAt(this.#position))) this.#position++;
    return this.#line.slice(start, this.#position);
  }

  #skipSpace(): number {
    while (isSpace(this.#line.charCodeAt(this.#position))) this.#position++;
    return this.#position;
  }
}

// At the end of a line the code is NaN, which belongs to no class.

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSmallLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

function isWordCharacter(code: number): boolean {
  return isSmallLetter(code) || code === 0x2d;
}

function isNameCharacter(code: number): boolean {
  return isSmallLetter(code) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || isDigit(code);
}
