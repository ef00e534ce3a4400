import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sha256 } from "../../../src/run/open-artifact.js";

/** Puts other code into a file of the only artifact in its folder, and brings the manifest up to date. */
export function replaceCode(path: string, code: string): void {
  const directory = dirname(path);
  const manifest = readdirSync(directory).find((name) => /^\w+\.[\w-]+\.json$/.test(name)) ?? "";
  const old = readFileSync(path);
  const entry = `{"path":"${basename(path)}","bytes":${old.length},"sha256":"${sha256(old)}"}`;
  const text = readFileSync(join(directory, manifest), "utf8");
  if (!text.includes(entry)) throw new Error(`${manifest} does not list ${path} as ${entry}`);
  const changed = { path: basename(path), bytes: Buffer.byteLength(code), sha256: sha256(code) };
  writeFileSync(join(directory, manifest), text.replace(entry, JSON.stringify(changed)));
  writeFileSync(path, code);
}
