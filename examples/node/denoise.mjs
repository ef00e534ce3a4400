// Reads a plain PBM picture (P1) from standard input, removes the noise, and writes a plain PBM picture.
// Usage: node denoise.mjs FOLDER < noisy.pbm, where FOLDER holds the generated noisy_sticks.wasm.js.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder = "build/noisy_sticks/wasm"] = process.argv.slice(2);
const { load } = await import(pathToFileURL(resolve(folder, "noisy_sticks.wasm.js")).href);
const network = await load();

const [, widthText, heightText, digits] = /^P1\s+(\d+)\s+(\d+)\s+([01\s]*)$/.exec(readFileSync(0, "latin1"));
const [width, height] = [Number(widthText), Number(heightText)];
const pixels = Uint8Array.from(digits.replaceAll(/\s/g, ""), Number);

const output = network.run(network.pack(pixels, height, width), height, width);
const cleaned = network.unpack(output, height, width);

const rows = Array.from({ length: height }, (_, row) => cleaned.subarray(row * width, (row + 1) * width).join(""));
process.stdout.write(`P1\n${width} ${height}\n${rows.join("\n")}\n`);
