import { expect, it } from "vitest";
import { printProgram } from "../../src/word/print.js";
import { erosionCase, gateCase, levelSetCase, scoreCase } from "../support/word-programs.js";

it.each([erosionCase(4), scoreCase(), gateCase(), levelSetCase()])(
  "printProgram: $program.name",
  async ({ program }) => {
    await expect(printProgram(program)).toMatchFileSnapshot(`../cases/word/${program.name}.txt`);
  },
);
