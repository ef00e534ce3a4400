/** The C backend: a header, a source file and an example, in C99 for any machine. */
import { InternalError } from "../../diagnostics.js";
import type { Backend } from "../backend.js";
import { printExample } from "./example.js";
import { printHeaderFile } from "./header-file.js";
import { fileNames } from "./names.js";
import { printSourceFile } from "./source-file.js";

export const cBackend: Backend = {
  name: "c",
  emit: async (program, target, header) => {
    if (target.lanes > program.lanes) throw new InternalError(`${program.name} leaves room for ${program.lanes} lanes`);
    const names = fileNames(program);
    return [
      { path: `${program.name}.h`, content: printHeaderFile(program, names, header) },
      { path: `${program.name}.c`, content: printSourceFile(program, names, target.lanes, header) },
      { path: `${program.name}_example.c`, content: printExample(program, names, header) },
    ];
  },
};
