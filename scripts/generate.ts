/**
 * Writes src/gen from the schemas: static protobufjs code, the types of the messages and a table of their fields.
 *
 * `npx tsx scripts/generate.ts` writes; with `--check` it only compares, and exits with status 1 if the committed code
 * is stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import pbjs from "protobufjs-cli/pbjs.js";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** One generated module. */
interface Generated {
  readonly schema: string;
  readonly output: string;
  /** Message whose codec the module exports; the others are reached through it. */
  readonly root: string;
}

const MODULES: readonly Generated[] = [{ schema: "schemas/model.proto", output: "src/gen/model.ts", root: "Model" }];

const PBJS_OPTIONS = [
  ["-t", "static-module"],
  ["-w", "esm"],
  ["-r", "bimonn"],
  ["--dependency", "protobufjs/minimal.js"],
  ["--es6"],
  ["--no-create"],
  ["--no-verify"],
  ["--no-convert"],
  ["--no-delimited"],
  ["--no-typeurl"],
  ["--no-service"],
  ["--no-comments"],
].flat();

const TYPE_OF_SCALAR: Readonly<Record<string, string>> = {
  bool: "boolean",
  bytes: "Uint8Array",
  double: "number",
  float: "number",
  int32: "number",
  string: "string",
  uint32: "number",
};

function staticCode(schema: string): Promise<string> {
  return new Promise((resolve, reject) => {
    pbjs.main([...PBJS_OPTIONS, join(REPOSITORY, schema)], (error, output) => {
      if (error !== null || output === undefined) reject(error ?? new Error("pbjs wrote nothing"));
      else resolve(output);
      return undefined;
    });
  });
}

/** Messages and enums of the schema's package, in the order of the file. */
function declarations(schema: string): { messages: protobuf.Type[]; enums: protobuf.Enum[]; package: string } {
  const parsed = protobuf.parse(readFileSync(join(REPOSITORY, schema), "utf8"), { alternateCommentMode: true });
  parsed.root.resolveAll();
  if (parsed.package === undefined) throw new Error(`${schema} has no package`);
  const namespace = parsed.root.lookup(parsed.package);
  if (!(namespace instanceof protobuf.Namespace)) throw new Error(`${schema} has no package`);
  return {
    messages: namespace.nestedArray.filter((entry) => entry instanceof protobuf.Type),
    enums: namespace.nestedArray.filter((entry) => entry instanceof protobuf.Enum),
    package: parsed.package,
  };
}

function typeOfField(field: protobuf.Field): string {
  const resolved = field.resolvedType;
  const single =
    resolved === null ? TYPE_OF_SCALAR[field.type] : resolved instanceof protobuf.Enum ? "number" : field.type;
  if (single === undefined) throw new Error(`no type for ${field.fullName}`);
  return field.repeated ? `readonly ${single}[]` : single;
}

function docstring(comment: string | null, indent: string): string {
  if (comment === null) return "";
  const lines = comment.split("\n");
  if (lines.length === 1) return `${indent}/** ${comment} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}

function interfaceText(message: protobuf.Type): string {
  const fields = message.fieldsArray.map(
    (field) => `${docstring(field.comment, "  ")}  readonly ${field.name}?: ${typeOfField(field)} | null;\n`,
  );
  return `${docstring(message.comment, "")}export interface ${message.name} {\n${fields.join("")}}\n`;
}

function enumText(declared: protobuf.Enum): string {
  const values = Object.entries(declared.values).map(
    ([name, value]) => `${docstring(declared.comments[name] ?? null, "  ")}  ${name}: ${value},\n`,
  );
  return `${docstring(declared.comment, "")}export const ${declared.name} = {\n${values.join("")}} as const;\n`;
}

function fieldTableText(messages: readonly protobuf.Type[], enums: readonly protobuf.Enum[]): string {
  const rows = messages.map((message) => {
    const fields = message.fieldsArray.map((field) => {
      const kind =
        field.resolvedType === null ? "scalar" : field.resolvedType instanceof protobuf.Enum ? "enum" : "message";
      const original = field.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const row = { id: field.id, protoName: original, kind, type: field.type, repeated: field.repeated };
      return `    ${field.name}: ${JSON.stringify(row)},\n`;
    });
    return `  ${message.name}: {${fields.length === 0 ? "" : `\n${fields.join("")}  `}},\n`;
  });
  return `/** How a field is written in both forms of the format. */
export interface FieldDescriptor {
  readonly id: number;
  readonly protoName: string;
  readonly kind: "scalar" | "enum" | "message";
  /** Scalar type, or the name of the enum or message. */
  readonly type: string;
  readonly repeated: boolean;
}

/** The fields of every message by their JSON name, in the order of the schema. */
export const MESSAGES: Readonly<Record<string, Readonly<Record<string, FieldDescriptor>>>> = {
${rows.join("")}};

/** The values of every enum by their name. */
export const ENUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = { ${enums.map((e) => e.name).join(", ")} };
`;
}

async function generate(module: Generated): Promise<string> {
  const { messages, enums, package: packageName } = declarations(module.schema);
  const code = (await staticCode(module.schema))
    .replace(/^\/\*eslint-disable.*\n/m, "")
    .replace(/^export \{[^}]*as default[^}]*\};?\n?/m, "")
    .replace(/^export const /m, "const ")
    .trim();
  return `/*
 * Generated from ${module.schema} by scripts/generate.ts; do not edit.
 * SPDX-License-Identifier: MIT
 */
// The static code of protobufjs-cli is plain JavaScript; the declarations after it are what other modules see.
// @ts-nocheck
${code}

/** Writes and reads one message; \`decode\` throws an Error on bytes that are no such message. */
export interface Codec<Message> {
  encode(message: Message, writer?: $protobuf.Writer): $protobuf.Writer;
  decode(reader: $protobuf.Reader | Uint8Array, length?: number): Message;
}

${[...enums.map(enumText), ...messages.map(interfaceText)].join("\n")}
export const ${module.root}: Codec<${module.root}> = ${packageName}.${module.root};

${fieldTableText(messages, enums)}`;
}

async function main(): Promise<void> {
  const onlyCheck = process.argv.includes("--check");
  for (const module of MODULES) {
    const path = join(REPOSITORY, module.output);
    const text = await generate(module);
    if (!onlyCheck) {
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, text);
    } else if (readFileSync(path, "utf8") !== text) {
      console.error(`${module.output} is stale: run npx tsx scripts/generate.ts`);
      process.exitCode = 1;
    }
  }
}

await main();
