/** Says before the tests which of them this machine cannot run. */
import { spawnSync } from "node:child_process";
import { findCompiler } from "../src/run/run-c.js";
import { HAS_GOLDEN } from "./golden/golden-networks.js";

const NEEDS: readonly { readonly present: () => boolean; readonly missing: string }[] = [
  { present: () => findCompiler("gcc") !== null, missing: "no gcc: the tests of C by gcc are skipped" },
  { present: () => findCompiler("clang") !== null, missing: "no clang: the tests of C by clang are skipped" },
  {
    present: () => spawnSync("python3", ["--version"]).status === 0,
    missing: "no python3: the documented exporter is not run",
  },
  { present: () => HAS_GOLDEN, missing: "no reference values (BIMONN_GOLDEN): only the small set is compared" },
];

export default function setup(): void {
  for (const { present, missing } of NEEDS) {
    if (!present()) process.stdout.write(`${missing}\n`);
  }
}
