/** The C program around a network under test: calls in on stdin, answers out on stdout. */
import { type ProgramInterface } from "./exchange.js";

/** Whether `run` takes `height` and `width`. */
function isFree(contract: ProgramInterface): boolean {
  return contract.kind === "images" && (contract.height === null || contract.width === null);
}

/** What `run` takes besides buffers. */
export function sizeArguments(contract: ProgramInterface): readonly string[] {
  if (contract.kind === "samples") return ["count"];
  return isFree(contract) ? ["height", "width"] : [];
}

/** A size macro of the generated header, applied to variables of the names of {@link sizeArguments}. */
export function printSize(name: string, contract: ProgramInterface, macro: string): string {
  const sizes = sizeArguments(contract);
  return `${name.toUpperCase()}_${macro}${sizes.length === 0 ? "" : `(${sizes.join(", ")})`}`;
}

/** C source of the driver; it compiles without warnings, like the code it drives. */
export function printDriver(name: string, contract: ProgramInterface): string {
  const prefix = name.toUpperCase();
  const sizes = sizeArguments(contract);
  const size = (macro: string): string => printSize(name, contract, macro);
  const isScored = contract.kind === "samples" && contract.output.kind === "scores";
  const results = isScored
    ? [
        { name: "classes", type: "uint32_t", length: "count" },
        { name: "scores", type: "int32_t", length: size("SCORE_LIMBS") },
      ]
    : [{ name: "output", type: "uint32_t", length: size("OUTPUT_WORDS") }];
  const inputType = contract.samples === "bits" ? "uint32_t" : "uint8_t";
  const inputLength = size(contract.samples === "bits" ? "INPUT_WORDS" : "INPUT_BYTES");
  const buffers = [
    { name: "input", type: inputType, length: inputLength },
    ...results,
    { name: "scratch", type: "uint32_t", length: size("SCRATCH_WORDS") },
  ];
  const operands = ["input", ...sizes, ...results.map((result) => result.name), "scratch"];
  return `#include "${name}.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Filled with noise: a result must not depend on what a buffer held before. */
static void *reserve(size_t size)
{
    void *buffer = malloc(size);
    if (buffer == NULL && size > 0) {
        fprintf(stderr, "out of memory\\n");
        exit(3);
    }
    if (size > 0) {
        memset(buffer, 0xa5, size);
    }
    return buffer;
}

static void receive(void *buffer, size_t size)
{
    if (size > 0 && fread(buffer, 1, size, stdin) != size) {
        fprintf(stderr, "the input ends early\\n");
        exit(3);
    }
}

static void answer(const void *buffer, size_t size)
{
    if (size > 0 && fwrite(buffer, 1, size, stdout) != size) {
        exit(3);
    }
}

int main(void)
{
    uint32_t extent[3];
    while (fread(extent, sizeof extent, 1, stdin) == 1) {
        const size_t height = extent[0];
        const size_t width = extent[1];
        const size_t count = extent[2];
        (void)height;
        (void)width;
        (void)count;
${buffers.map((buffer) => `        ${buffer.type} *${buffer.name} = reserve(${buffer.length} * sizeof *${buffer.name});`).join("\n")}
        receive(input, ${inputLength} * sizeof *input);
        const uint32_t code = (uint32_t)${name}_run(${operands.join(", ")});
        answer(&code, sizeof code);
        if (code == ${prefix}_OK) {
${results.map((result) => `            answer(${result.name}, ${result.length} * sizeof *${result.name});`).join("\n")}
        }
${buffers.map((buffer) => `        free(${buffer.name});`).join("\n")}
    }
    return 0;
}
`;
}
