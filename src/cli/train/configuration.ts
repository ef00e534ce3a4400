/** The configuration that a command line asks for: a file, a task's recipe, and single values set on top. */
import { isMap, parseDocument } from "yaml";
import { fail, withSource } from "../../diagnostics.js";
import type { TrainingConfig } from "../../trainer/config.js";
import { decodeConfig } from "../../trainer/decode-config.js";
import { FOLDER_TASKS, isOperator, recipeFor, TASKS, type Task } from "../../trainer/recipes/recipes.js";
import { type Context, UsageError } from "../context.js";
import { readInput, sourceName } from "../files.js";

export interface ConfigurationChoice {
  /** JSON or YAML. */
  readonly config?: string | undefined;
  readonly task?: string | undefined;
  readonly element?: string | undefined;
  readonly data?: string | undefined;
  readonly seed?: number | undefined;
  /** `path=value`, the value in YAML. */
  readonly set: readonly string[];
}

const MAXIMUM_CONFIG_BYTES = 2 ** 20;

/** Defeats documents that grow when their aliases are written out. */
const MAXIMUM_ALIASES = 100;

/** Number of classes in a folder of classes. */
export type CountClasses = (folder: string) => number;

/**
 * @returns null where neither a file nor a task is named
 * @throws UsageError, DiagnosticError BMN0101, BMN0103, BMN0801, BMN0905
 */
export async function readConfiguration(
  choice: ConfigurationChoice,
  context: Context,
  countClasses: CountClasses,
): Promise<TrainingConfig | null> {
  const { config, task, set } = choice;
  if (config !== undefined && task !== undefined) {
    throw new UsageError("name a configuration or a --task, not both");
  }
  refuseIdle(choice);
  if (config !== undefined) {
    const bytes = await readInput(config, MAXIMUM_CONFIG_BYTES, context);
    return withSource(sourceName(config), () => {
      const value = parseYaml(new TextDecoder().decode(bytes));
      return withValues(decodeConfig(value), set, choice.seed);
    });
  }
  if (task === undefined) return null;
  const known = TASKS.find((each) => each === task);
  if (known === undefined) throw new UsageError(`--task ${task}: choose one of ${TASKS.join(", ")}`);
  return withValues(decodeConfig(fromTask(known, choice, countClasses)), set, choice.seed);
}

/** @throws UsageError for options that would change nothing */
function refuseIdle({ config, task, element, data }: ConfigurationChoice): void {
  const known = task as Task | undefined;
  if (element !== undefined && (known === undefined || !isOperator(known))) {
    throw new UsageError("--element goes with the --task of an operator");
  }
  if (data !== undefined && (known === undefined || !FOLDER_TASKS.has(known))) {
    const hint = config === undefined ? "" : "; a configuration says data.folder";
    throw new UsageError(`--data goes with --task ${[...FOLDER_TASKS].join(", ")}${hint}`);
  }
}

function fromTask(task: Task, { element, data }: ConfigurationChoice, countClasses: CountClasses): unknown {
  if (isOperator(task) && element === undefined) {
    throw new UsageError(`--task ${task} needs an --element, like disk7, hstick7 or dcross7`);
  }
  if (FOLDER_TASKS.has(task) && data === undefined) throw new UsageError(`--task ${task} needs a folder: --data DIR`);
  const folder = data ?? "";
  const classes = task === "classes" ? countClasses(folder) : 1;
  return recipeFor(task, { element: element ?? "", folder, classes });
}

/** JSON is YAML too. @throws DiagnosticError BMN0905 */
function parseYaml(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const [start] = error.linePos ?? [];
    const path = start === undefined ? {} : { path: `${start.line}:${start.col}` };
    fail("BMN0905", firstLine(error.message), { ...path, hint: "the file is read as YAML, of which JSON is a part" });
  }
  if (!isMap(document.contents)) fail("BMN0905", "the configuration is no mapping of fields to values");
  try {
    return document.toJS({ maxAliasCount: MAXIMUM_ALIASES });
  } catch (problem) {
    return fail("BMN0905", firstLine(problem instanceof Error ? problem.message : String(problem)));
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "";
}

/** The whole configuration, as it is printed, with the values of `--set` and `--seed`. */
function withValues(config: TrainingConfig, set: readonly string[], seed: number | undefined): TrainingConfig {
  const values = seed === undefined ? set : [...set, `seed=${seed}`];
  if (values.length === 0) return config;
  return decodeConfig(values.reduce<unknown>((changed, assignment) => withValue(changed, assignment), config));
}

/** `training.phases[0].steps=500` */
function withValue(value: unknown, assignment: string): unknown {
  const match = /^([\w.[\]]+)=(.*)$/s.exec(assignment);
  const keys = match?.[1]?.match(/\w+/g) ?? [];
  if (match === null || keys.length === 0) {
    throw new UsageError(`--set ${assignment}: write a path and a value, like training.batchSize=16`);
  }
  const parsed: unknown = parseDocument(match[2] ?? "").toJS({ maxAliasCount: MAXIMUM_ALIASES });
  return replaced(value, keys, parsed, assignment);
}

const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function replaced(value: unknown, keys: readonly string[], wanted: unknown, assignment: string): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return wanted;
  if (FORBIDDEN.has(key)) throw new UsageError(`--set ${assignment}: no such field`);
  if (Array.isArray(value)) {
    const index = Number(key);
    if (!(index >= 0 && index < value.length)) {
      throw new UsageError(`--set ${assignment}: there are ${value.length} entries, the first one is 0`);
    }
    return value.map((entry: unknown, position) =>
      position === index ? replaced(entry, rest, wanted, assignment) : entry,
    );
  }
  if (value !== undefined && value !== null && typeof value !== "object") {
    throw new UsageError(`--set ${assignment}: ${key} is no field of ${JSON.stringify(value)}`);
  }
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: replaced(fields[key], rest, wanted, assignment) };
}
