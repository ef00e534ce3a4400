import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as protobuf from "protobufjs";
import { expect, test } from "vitest";
import { ENUMS, MESSAGES } from "../../src/gen/model.js";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const SCHEMA = fileURLToPath(new URL("../../schemas/model.proto", import.meta.url));

test("the committed code is what the schema generates", () => {
  const tsx = fileURLToPath(new URL("../../node_modules/tsx/dist/cli.mjs", import.meta.url));
  expect(
    execFileSync(process.execPath, [tsx, "scripts/generate.ts", "--check"], { cwd: REPOSITORY, encoding: "utf8" }),
  ).toBe("");
});

test("the table of fields is the schema's", () => {
  const root = protobuf.loadSync(SCHEMA);
  for (const [name, fields] of Object.entries(MESSAGES)) {
    const type = root.lookupType(`bimonn.v1.${name}`);
    const own = Object.entries(fields).map(([field, { id, type: of, repeated }]) => ({ field, id, of, repeated }));
    const schema = type.fieldsArray.map(({ name: field, id, type: of, repeated }) => ({ field, id, of, repeated }));
    expect(own).toEqual(schema);
    const kept = protobuf.parse(readFileSync(SCHEMA, "utf8"), { keepCase: true });
    const original = kept.root.lookupType(`bimonn.v1.${name}`).fieldsArray.map((field) => field.name);
    expect(Object.values(fields).map((field) => field.protoName)).toEqual(original);
  }
  for (const [name, values] of Object.entries(ENUMS))
    expect(values).toEqual(root.lookupEnum(`bimonn.v1.${name}`).values);
});
