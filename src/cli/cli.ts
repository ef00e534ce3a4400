/** The command line: which command, with which arguments. Commands are loaded when they are chosen. */
import yargs, { type Argv, type Options } from "yargs";
import { VERSION } from "../gen/version.js";
import { nearestName } from "../model/nearest-name.js";
import {
  type BenchArguments,
  type BinarizeArguments,
  benchOptions,
  binarizeOptions,
  type CompileArguments,
  commonOptions,
  compileOptions,
  type DataArguments,
  dataOptions,
  type InspectArguments,
  inspectOptions,
  type RunArguments,
  runOptions,
  type TargetsArguments,
  type TrainArguments,
  trainOptions,
  type VerifyArguments,
  verifyOptions,
} from "./arguments.js";
import { type CommonArguments, Context, type Io, STATUS, UsageError } from "./context.js";
import { reportFailure } from "./failure.js";
import { STREAM } from "./files.js";

interface Positional {
  readonly name: string;
  readonly describe: string;
  /** Several may be given. */
  readonly array?: boolean;
  /** None need be given. */
  readonly optional?: boolean;
}

/** One command: how it is called, and what runs it. */
interface Command {
  readonly name: string;
  readonly describe: string;
  readonly positionals: readonly Positional[];
  readonly options: Readonly<Record<string, Options>>;
  readonly examples: readonly (readonly [command: string, describe: string])[];
  /** What more there is to say, below the examples. */
  readonly notes?: string;
  /** Takes the arguments that its options describe, which only yargs knows when it has read them. */
  readonly run: (parsed: never, context: Context) => Promise<number>;
}

const MODEL = "Model file (.pb, or .json in protobuf JSON), - for standard input";

const COMMANDS: readonly Command[] = [
  {
    name: "train",
    describe: "Train a network on pictures, and write it as a model",
    positionals: [{ name: "config", describe: "Configuration in JSON or YAML, - for standard input", optional: true }],
    options: trainOptions,
    examples: [
      ["$0 train --task opening --element disk7 -o opening.pb", "learns the opening by a disk of 7×7 pixels"],
      ["$0 train --task mnist --data data/mnist -o digits.pb", "ten classes of digits, from IDX files"],
      ["$0 train --task closing --element hstick7 --print-config > mine.yaml", "a configuration to start from"],
      ["$0 train mine.yaml --set training.batchSize=32 -o mine.pb", "trains by a configuration, one value changed"],
      ["$0 train --resume -o mine.pb", "goes on with a training that Ctrl-C interrupted"],
    ],
    run: async (parsed: TrainArguments, context) => (await import("./commands/train.js")).trainCommand(parsed, context),
  },
  {
    name: "data",
    describe: "List, fetch or look at data to learn from",
    positionals: [
      { name: "action", describe: "list, fetch or preview" },
      {
        name: "name",
        describe: "fetch: name of a set; preview: configuration of a training, instead of --task",
        optional: true,
      },
    ],
    options: dataOptions,
    examples: [
      ["$0 data list", "sets that can be fetched: what, how large, licence, source"],
      ["$0 data fetch mnist -o data/mnist", "downloads four files, checks them, writes them"],
      ["$0 data preview --task opening --element disk7 -o sheet.png", "inputs above their targets"],
      ["$0 data preview --task classes --data photos", "a row of pictures for every class, in preview.png"],
    ],
    notes: "Sheets show a 1 in white and a 0 in black, as the network gets them.",
    run: async (parsed: DataArguments, context) => (await import("./commands/data.js")).dataCommand(parsed, context),
  },
  {
    name: "compile",
    describe: "Compile a model to WebAssembly, JavaScript or C",
    positionals: [{ name: "model", describe: MODEL }],
    options: compileOptions,
    examples: [
      ["$0 compile opening.pb --target c -o build", "C files, MorphIR, certificate and manifest in build/"],
      ["$0 compile opening.pb -t c,js --fixtures", "two targets, in opening/c/ and opening/js/"],
      ["$0 compile opening.pb --prove exhaustive", "tries every pattern of pixels where bounds prove nothing"],
      ["$0 compile tophat.pb --calibrate photos --hidden-levels 8", "hidden values in 8 bits; how well that does"],
      ["$0 compile tophat.pb --measure photos", "the agreement with the float network; tophat.worst.png"],
    ],
    run: async (parsed: CompileArguments, context) =>
      (await import("./commands/compile.js")).compileCommand(parsed, context),
  },
  {
    name: "run",
    describe: "Run a model, or a compiled artifact, on pictures",
    positionals: [
      { name: "network", describe: "Model, manifest, generated .wasm, .js or .c file, or the folder of one artifact" },
      {
        name: "pictures",
        describe: "PNG, PBM or PGM files; one file per channel joined by +; - for standard input",
        array: true,
      },
    ],
    options: runOptions,
    examples: [
      ["$0 run opening.pb noisy.png -o clean.png", "the picture that the model answers"],
      ["$0 run twins.pb a.png b.png -o out/%p-%c.png", "out/a-0.png, out/a-1.png, out/b-0.png, out/b-1.png"],
      ["$0 run digits.c.json 7.pgm 3.pgm", "class, pre-activations z and scores of each picture"],
      ["$0 run opening.wasm photos/*.png --jobs auto", "many pictures, on every core"],
    ],
    notes:
      "Bits: in PBM a 1, which viewers show black, is a set bit; in PNG and PGM white is a set bit, black is none.",
    run: async (parsed: RunArguments, context) => (await import("./commands/run.js")).runCommand(parsed, context),
  },
  {
    name: "inspect",
    describe: "Show layers, neurons, grades and structuring elements of a model",
    positionals: [{ name: "model", describe: MODEL }],
    options: inspectOptions,
    examples: [
      ["$0 inspect opening.pb", "every layer, its first neurons drawn"],
      ["$0 inspect opening.pb --binarize approximate=activated", "what the papers' projection makes of it"],
    ],
    run: async (parsed: InspectArguments, context) =>
      (await import("./commands/inspect.js")).inspectCommand(parsed, context),
  },
  {
    name: "binarize",
    describe: "Turn a model into MorphIR, or report what was proved about it",
    positionals: [{ name: "model", describe: MODEL }],
    options: binarizeOptions,
    examples: [
      ["$0 binarize opening.pb --report", "what is proved, and what would make the network exact"],
      ["$0 binarize opening.pb --report --arithmetic real", "the same about real numbers, without rounding"],
      ["$0 binarize opening.pb --emit report", "grade, operation and bounds of every neuron, in JSON"],
      ["$0 binarize tophat.pb --measure photos --worst worst.png", "the agreement with the float network"],
      [
        "$0 binarize tophat.pb --calibrate photos --weight-bits 8 -o tophat.ir",
        "cut where pictures say, small weights",
      ],
    ],
    notes:
      "Pictures are fitted to the network as bimonnc run does. A worst picture shows input, float network, compiled " +
      "network and difference: red what the float network alone sets, blue what the compiled one alone sets.",
    run: async (parsed: BinarizeArguments, context) =>
      (await import("./commands/binarize.js")).binarizeCommand(parsed, context),
  },
  {
    name: "verify",
    describe:
      "Check an artifact: its files, its answers against MorphIR bit for bit, its certificate against the model",
    positionals: [
      { name: "artifact", describe: "Manifest, generated .wasm, .js or .c file, or the folder of one artifact" },
    ],
    options: verifyOptions,
    examples: [
      ["$0 verify build/opening.c.json --seed 1", "status 1 if anything differs"],
      ["$0 verify build --model opening.pb", "also proves again what the certificate claims"],
    ],
    run: async (parsed: VerifyArguments, context) =>
      (await import("./commands/verify.js")).verifyCommand(parsed, context),
  },
  {
    name: "bench",
    describe: "Measure how fast a model, or one operator, is on this machine, compiled for every target",
    positionals: [{ name: "model", describe: MODEL, optional: true }],
    options: benchOptions,
    examples: [
      ["$0 bench opening.pb", "every target that can run here, on a picture of 1024×1024 pixels"],
      ["$0 bench digits.pb --count 1000", "pictures per second, 1000 in a call"],
      ["$0 bench --erosion disk5 --size 4096x4096 -t c-avx2,wasm", "one operator, two targets"],
      ['$0 bench --dilation "3x3@1,1 111/111/111" --quick --json', "rough numbers, for scripts"],
    ],
    notes:
      "All targets answer the same pictures before they are timed, and are compared with the interpreter and with one " +
      "another. C is compiled by gcc or clang with -O2. Numbers are medians of slices of about 4 ms, in which all " +
      "targets take turns, on one thread.",
    run: async (parsed: BenchArguments, context) => (await import("./commands/bench.js")).benchCommand(parsed, context),
  },
  {
    name: "targets",
    describe: "List the targets",
    positionals: [],
    options: {},
    examples: [["$0 targets --json", "for scripts, and to start ./mine.json from"]],
    run: async (parsed: TargetsArguments, context) =>
      (await import("./commands/targets.js")).targetsCommand(parsed, context),
  },
];

/** Options that may be given more than once. */
const REPEATABLE: ReadonlySet<string> = new Set(["target", "set"]);

const EXIT_STATUSES = "Exit status: 0 done, 1 a check failed, 2 wrong usage, 3 bad input, 70 a bug of ours.";

/** Runs one command line, without the name of the program, and returns the exit status. Never throws. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const json = argv.includes("--json");
  let chosen: { readonly command: Command; readonly parsed: CommonArguments } | null = null;
  const select = (command: Command, parsed: CommonArguments): void => {
    chosen = { command, parsed };
  };
  const takeChosen = (): typeof chosen => chosen;
  try {
    const printed = await parse(argv, select);
    const found = takeChosen();
    if (found === null || printed !== "") {
      io.writeStdout(printed === "" ? "" : `${printed}\n`);
      return STATUS.done;
    }
    return await found.command.run(found.parsed as never, new Context(io, found.parsed));
  } catch (error) {
    const command = COMMANDS.find(({ name }) => name === argv[0])?.name ?? "";
    return reportFailure(error, io, { json, command });
  }
}

const COMPLETION = "completion";

/** Of the command that yargs makes, which prints the script whatever else is asked. */
const COMPLETION_HELP = `bimonnc ${COMPLETION}

Print a script that completes commands in bash or zsh.

Examples:
  source <(bimonnc ${COMPLETION})         completes in this shell
  bimonnc ${COMPLETION} >> ~/.bashrc      in every bash from now on; ~/.zshrc for zsh`;

function asksForCompletionHelp([command, ...others]: readonly string[]): boolean {
  return command === COMPLETION && others.some((argument) => argument === "--help" || argument === "-h");
}

/** Reads the command line; returns what yargs has to print: help, version, completion. @throws UsageError */
async function parse(
  argv: readonly string[],
  select: (command: Command, parsed: CommonArguments) => void,
): Promise<string> {
  if (asksForCompletionHelp(argv)) return COMPLETION_HELP;
  let printed = "";
  const parser = describeCommands(yargs([]), select)
    .scriptName("bimonnc")
    .locale("en")
    .usage("$0 <command>\n\nCompiles binary morphological neural networks to packed bit code.")
    .options(commonOptions)
    .epilogue(EXIT_STATUSES)
    .version(VERSION)
    .completion(COMPLETION, "Print a script that completes commands in bash or zsh")
    .help()
    .alias("help", "h")
    .demandCommand(1, "name a command")
    .strict()
    .recommendCommands()
    .wrap(100)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new UsageError(withSuggestion(message, argv[0]));
    });
  await parser.parseAsync(argv.map(hideStream), {}, (_error: unknown, _parsed: unknown, output: string) => {
    printed = output;
  });
  return printed;
}

function describeCommands(parser: Argv, select: (command: Command, parsed: CommonArguments) => void): Argv {
  let described = parser;
  for (const command of COMMANDS) {
    const { name, describe, positionals, options, examples, notes } = command;
    const usage = [name, ...positionals.map(usageOf)].join(" ");
    described = described.command(
      usage,
      describe,
      (inner) => {
        let built: Argv = inner.options(options).usage(`$0 ${usage}\n\n${describe}.`);
        for (const each of positionals) {
          const { describe: meaning } = each;
          built = built.positional(each.name, {
            type: "string",
            describe: meaning,
            demandOption: each.optional !== true,
          });
        }
        for (const [example, meaning] of examples) built = built.example(example, meaning);
        if (notes !== undefined) built = built.epilogue(notes);
        return built.check((parsed) => refuseRepetitions(parsed, options));
      },
      (parsed) => select(command, restoreStreams(parsed) as CommonArguments),
    );
  }
  return described;
}

function usageOf({ name, array, optional }: Positional): string {
  const text = `${name}${array === true ? ".." : ""}`;
  return optional === true ? `[${text}]` : `<${text}>`;
}

/** Stands for `-` while yargs parses, which drops it from lists of positional arguments. */
const HIDDEN_STREAM = "\u0000-";

function hideStream(argument: string): string {
  return argument === STREAM ? HIDDEN_STREAM : argument;
}

function restoreStreams(parsed: Readonly<Record<string, unknown>>): unknown {
  const restore = (value: unknown): unknown => (value === HIDDEN_STREAM ? STREAM : value);
  const entries = Object.entries(parsed).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(restore) : restore(value),
  ]);
  return Object.fromEntries(entries);
}

/** An option given twice comes as a list, which only some expect. */
function refuseRepetitions(parsed: Readonly<Record<string, unknown>>, options: Command["options"]): true {
  for (const name of Object.keys({ ...options, ...commonOptions })) {
    if (Array.isArray(parsed[name]) && !REPEATABLE.has(name)) throw new UsageError(`--${name} is given more than once`);
  }
  return true;
}

/** Adds the option that was probably meant to what yargs says of an unknown one. */
function withSuggestion(message: string, command: string | undefined): string {
  if (message.startsWith("Did you mean")) return `unknown command ${command}. ${message}`;
  const shown = message.replaceAll(HIDDEN_STREAM, STREAM);
  const unknown = /^Unknown argument: (\S+)$/.exec(shown)?.[1];
  const options = COMMANDS.find(({ name }) => name === command)?.options;
  if (unknown === undefined || options === undefined) return shown;
  const nearest = nearestName(unknown, Object.keys({ ...options, ...commonOptions }));
  return nearest === null ? shown : `${shown}. Did you mean --${nearest}?`;
}
