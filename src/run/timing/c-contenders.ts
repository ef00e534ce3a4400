/** `contenders.c`: what the harness times, as functions of one shape around generated code and others. */
import { printSize, sizeArguments } from "../c-driver.js";
import type { ProgramInterface } from "../exchange.js";

/** Generated code; all networks of a program have one interface. */
export interface CNetwork {
  readonly kind: "network";
  readonly label: string;
  /** What its functions and its header are named after. */
  readonly name: string;
  readonly contract: ProgramInterface;
}

/** Any other contender, by its C functions: see harness.h. */
export interface CFunctions {
  readonly kind: "functions";
  readonly label: string;
  readonly run: string;
  readonly prepare: string | null;
  readonly finish: string | null;
  readonly isBytes: boolean;
}

export type CContender = CNetwork | CFunctions;

export const MEMCPY = "memcpy";

/** Copies the input, which no contender that reads all of it can outrun by much; it answers nothing. */
export const MEMCPY_CONTENDER: CFunctions = {
  kind: "functions",
  label: MEMCPY,
  run: "run_memcpy",
  prepare: "prepare_memcpy",
  finish: null,
  isBytes: false,
};

/** C text of {@link MEMCPY_CONTENDER}. */
export const MEMCPY_SOURCE = `static void prepare_memcpy(struct job *job)
{
    job->own = reserve(input_words(job->height, job->width, job->count), sizeof *job->input);
}

static void run_memcpy(const struct job *job)
{
    memcpy(job->own, job->input, input_words(job->height, job->width, job->count) * sizeof *job->input);
}
`;

/**
 * @param source C text that declares or defines the functions of the contenders that are no networks
 * @param includes headers that it needs besides
 */
export function printContenders(
  contenders: readonly CContender[],
  source: string,
  includes: readonly string[] = [],
): string {
  const networks = contenders.filter((each) => each.kind === "network");
  const [first] = networks;
  if (first === undefined) throw new Error("no networks");
  const scratch = contenders.map((each, index) =>
    each.kind === "network" ? `index == ${index} ? ${printSize(each.name, each.contract, "SCRATCH_WORDS")} : ` : "",
  );
  const lines = [
    ...[...includes, "harness.h", ...networks.map(({ name }) => `${name}.h`)].map((file) => `#include "${file}"`),
    "",
    "#include <string.h>",
    "",
    source,
    ...networks.flatMap(networkCall),
    `const struct contender contenders[] = {${contenders.map(entry).join(", ")}};`,
    `const size_t contender_count = ${contenders.length};`,
    "",
    ...getter("input_words", ["height", "width", "count"], inputWords(first)),
    ...getter("output_words", ["height", "width", "count"], outputWords(first)),
    ...getter("score_limbs", ["count"], isScored(first) ? printSize(first.name, first.contract, "SCORE_LIMBS") : "0"),
    ...getter("scratch_words", ["index", "height", "width", "count"], `${scratch.join("")}0`),
  ];
  return `${lines.join("\n")}\n`;
}

function isScored({ contract }: CNetwork): boolean {
  return contract.kind === "samples" && contract.output.kind === "scores";
}

function inputWords({ name, contract }: CNetwork): string {
  return contract.samples === "bits"
    ? printSize(name, contract, "INPUT_WORDS")
    : `(${printSize(name, contract, "INPUT_BYTES")} + 3) / 4`;
}

/** Of the first result buffer: packed bits, or classes. */
function outputWords(network: CNetwork): string {
  return isScored(network) ? "count" : printSize(network.name, network.contract, "OUTPUT_WORDS");
}

function networkCall(network: CNetwork): string[] {
  const { name, contract } = network;
  const sizes = sizeArguments(contract).map((size) => `job->${size}`);
  const input = contract.samples === "bits" ? "job->input" : "(const uint8_t *)job->input";
  const results = isScored(network) ? ["job->words", "job->scores"] : ["job->words"];
  return [
    `static void call_${name}(const struct job *job)`,
    "{",
    `    ${name}_run(${[input, ...sizes, ...results, "job->scratch"].join(", ")});`,
    "}",
    "",
  ];
}

function entry(contender: CContender): string {
  if (contender.kind === "network") return `{"${contender.label}", call_${contender.name}, 0, NULL, NULL}`;
  const { label, run, prepare, finish, isBytes } = contender;
  return `{"${label}", ${run}, ${isBytes ? 1 : 0}, ${prepare ?? "NULL"}, ${finish ?? "NULL"}}`;
}

/** Some sizes depend on none of the parameters. */
function getter(name: string, parameters: readonly string[], value: string): string[] {
  return [
    `size_t ${name}(${parameters.map((parameter) => `size_t ${parameter}`).join(", ")})`,
    "{",
    ...parameters.map((parameter) => `    (void)${parameter};`),
    `    return ${value};`,
    "}",
    "",
  ];
}
