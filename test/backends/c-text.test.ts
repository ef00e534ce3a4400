import { describe, expect, it } from "vitest";
import {
  binary,
  blockComment,
  call,
  commentText,
  type Operator,
  primary,
  unary,
  wrapLine,
} from "../../src/backends/c/text.js";

const [a, b, c] = [primary("a"), primary("b"), primary("c")];

describe("parentheses", () => {
  const right: readonly (readonly [Operator, Operator, string])[] = [
    ["+", "+", "a + b + c"],
    ["+", "-", "a + (b - c)"],
    ["-", "-", "a - (b - c)"],
    ["-", "+", "a - (b + c)"],
    ["*", "+", "a * (b + c)"],
    ["+", "*", "a + b * c"],
    ["*", "*", "a * (b * c)"],
    [">>", "+", "a >> (b + c)"],
    ["&", "&", "a & b & c"],
    ["&", "|", "a & (b | c)"],
    ["|", "&", "a | (b & c)"],
    ["|", "<<", "a | (b << c)"],
    ["<", "+", "a < b + c"],
    ["<", ">>", "a < (b >> c)"],
    ["&&", "<", "a && b < c"],
    ["&&", "||", "a && (b || c)"],
    ["||", "&&", "a || (b && c)"],
  ];
  it.each(right)("a %s (b %s c)", (outer, inner, text) => {
    expect(binary(outer, a, binary(inner, b, c)).text).toBe(text);
  });

  const left: readonly (readonly [Operator, Operator, string])[] = [
    ["+", "-", "a - b + c"],
    ["-", "-", "a - b - c"],
    ["*", "*", "a * b * c"],
    ["*", "-", "(a - b) * c"],
    ["<<", "<<", "(a << b) << c"],
    ["^", "|", "(a | b) ^ c"],
  ];
  it.each(left)("%s after %s", (outer, inner, text) => {
    expect(binary(outer, binary(inner, a, b), c).text).toBe(text);
  });

  it("a sum that holds a difference is grouped as one", () => {
    const mixed = binary("+", binary("-", a, b), c);
    expect(binary("+", primary("p"), mixed).text).toBe("p + (a - b + c)");
  });

  it("prefix operators bind tightest", () => {
    expect(unary("~", binary("&", a, unary("(uint32_t)", b))).text).toBe("~(a & (uint32_t)b)");
    expect(unary("~", unary("(size_t)", call("f", [a, binary("+", b, c)]))).text).toBe("~(size_t)f(a, b + c)");
  });
});

describe("wrapLine", () => {
  it("breaks where the fewest parentheses are open", () => {
    const term = (letter: string): string => `(${letter.repeat(30)} >> 1)`;
    expect(wrapLine(`    all = ${term("a")} & ${term("b")} & ${term("c")};`)).toEqual([
      `    all = ${term("a")} & ${term("b")}`,
      `        & ${term("c")};`,
    ]);
  });

  it("leaves what cannot be broken", () => {
    const name = "n".repeat(120);
    expect(wrapLine(`    ${name} = 1;`)).toEqual([`    ${name} = 1;`]);
  });
});

describe("comments", () => {
  it("cannot be ended, opened or turned into something else by their text", () => {
    expect(commentText("a */ b /* c ??/ d\\\n⊖ ×")).toBe("a * / b / * c ? ?/ d\\?(-) x");
    expect(commentText("**//")).toBe("** //");
    expect(commentText("*/*/ ???/")).toBe("* / * / ? ? ?/");
  });

  it("take one line if they fit", () => {
    expect(blockComment(["Short."], "  ")).toEqual(["  /* Short. */"]);
    expect(blockComment(["Two", "lines."])).toEqual(["/*", " * Two", " * lines.", " */"]);
    expect(blockComment(["word ".repeat(30).trim()])).toHaveLength(4);
  });
});
