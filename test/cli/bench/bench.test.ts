/** `bimonnc bench`: what it measures and compares, on small pictures; no time is asserted. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { encodeModel } from "../../../src/model/encode.js";
import { findCompiler } from "../../../src/run/run-c.js";
import { missingExtension } from "../../../src/run/timing/machine.js";
import { digits, enterFolder, halved, opening, pair, run, twins } from "../harness.js";

const GCC = findCompiler("gcc");

interface BenchJson {
  readonly interpreted: object | null;
  readonly extent: { readonly height: number; readonly width: number; readonly count: number };
  readonly slices: number;
  readonly contenders: readonly {
    readonly label: string;
    readonly nanosecondsPerCall: number;
    readonly nanosecondsPerPixel: number | null;
    readonly picturesPerSecond: number;
    readonly shareOfMemcpy: number;
  }[];
  readonly leftOut: readonly { readonly target: string; readonly reason: string }[];
}

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  for (const model of [opening, digits, pair, twins, halved]) {
    writeFileSync(`${model.name}.pb`, encodeModel(model));
  }
  mkdirSync("no-compilers");
  // Takes the conjunctions of generated code for disjunctions.
  const wrong = `#!/bin/sh
for word; do case $word in *bench_*.c) sed -i 's/ & / | /g' "$word" ;; esac; done
exec ${GCC} "$@"
`;
  writeFileSync("wrong-compiler", wrong, { mode: 0o755 });
  writeFileSync("refusing", "#!/bin/sh\necho 'no thanks' >&2\nexit 1\n", { mode: 0o755 });
  writeFileSync("mute", "#!/bin/sh\n", { mode: 0o755 });
  // Compiles another program in the place of what is linked.
  const ending = `#!/bin/sh
for word; do case $word in *harness) printf '#!/bin/sh\\necho broken >&2\\nexit 9\\n' > "$word"; chmod +x "$word"; exit 0 ;; esac; done
`;
  writeFileSync("ending", ending, { mode: 0o755 });
});
afterAll(() => leave());

async function bench(...args: readonly string[]): Promise<BenchJson> {
  const { status, stdout, stderr } = await run(["bench", ...args, "--time", "0", "--quick", "--quiet", "--json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as BenchJson;
}

const C_TARGETS = [
  { name: "c-scalar", lanes: 1 },
  { name: "c", lanes: 4 },
  { name: "c-avx2", lanes: 8 },
  { name: "c-avx512", lanes: 16 },
];

describe.runIf(GCC !== null)("with a C compiler", () => {
  test("all targets are measured that the processor can run, the others named", async () => {
    const { contenders, leftOut, slices, extent, interpreted } = await bench("--erosion", "rect3", "--size", "70x90");
    const lacking = C_TARGETS.filter(({ lanes }) => missingExtension(lanes) !== null).map(({ name }) => name);
    const present = C_TARGETS.map(({ name }) => name).filter((name) => !lacking.includes(name));
    const inNode = ["wasm", "wasm, in place", "wasm-mvp", "wasm-mvp, in place", "js"];
    expect(new Set(contenders.map(({ label }) => label))).toEqual(new Set(["memcpy", ...present, ...inNode]));
    expect(leftOut.map(({ target }) => target).toSorted()).toEqual(lacking.toSorted());
    expect({ extent, interpreted }).toEqual({
      extent: { height: 70, width: 90, count: 1 },
      interpreted: { height: 45, width: 90, count: 1 },
    });
    expect(slices).toBe(3);
    for (const each of contenders) {
      expect(each.nanosecondsPerCall).toBeGreaterThan(0);
      expect(each.nanosecondsPerPixel).toBeCloseTo(each.nanosecondsPerCall / (70 * 90), 6);
      expect(each.picturesPerSecond).toBeCloseTo(1e9 / each.nanosecondsPerCall, 6);
      expect(each.shareOfMemcpy).toBeGreaterThan(0);
    }
  });

  test.each([
    ["--dilation", "3x3@0,2 110/010/001", "zeros"],
    ["--erosion", "1x7", "replicate"],
    ["--opening", "cross3", "zeros"],
    ["--closing", "disk5", "replicate"],
    ["--white-tophat", "hstick4", "replicate"],
    ["--black-tophat", '2x2@1,1 "11/01"', "zeros"],
  ])("%s %s with border %s answers as the interpreter", async (operator, element, border) => {
    const { interpreted } = await bench(operator, element, "--border", border, "-t", "c,js", "--size", "33x65");
    expect(interpreted).toEqual({ height: 33, width: 65, count: 1 });
  });

  test.each(["opening", "pair", "twins", "halved"])("the images of %s", async (name) => {
    const { contenders, extent } = await bench(`${name}.pb`, "-t", "js,c,wasm-mvp", "--size", "37x50");
    expect(extent).toEqual({ height: 37, width: 50, count: 1 });
    expect(contenders.map(({ label }) => label)).toEqual(["memcpy", "c", "js", "wasm-mvp", "wasm-mvp, in place"]);
  });

  test("a network of a size of its own", async () => {
    const { extent, interpreted } = await bench("opening.pb", "-t", "c,js", "--shape", "20x40");
    expect({ extent, interpreted }).toEqual({
      extent: { height: 20, width: 40, count: 1 },
      interpreted: { height: 20, width: 40, count: 1 },
    });
  });

  test("classes of gray pictures", async () => {
    const { contenders, interpreted } = await bench("digits.pb", "-t", "c,js", "--count", "77");
    expect(interpreted).toEqual({ height: 4, width: 5, count: 67 });
    for (const { nanosecondsPerCall, nanosecondsPerPixel, picturesPerSecond } of contenders) {
      expect(nanosecondsPerPixel).toBeNull();
      expect(picturesPerSecond).toBeCloseTo(77e9 / nanosecondsPerCall, 3);
    }
  });

  test("a target that answers otherwise is told, and nothing is measured", async () => {
    for (const [model, size, what] of [
      [
        "opening.pb",
        ["--size", "40x50"],
        "a picture of 40×50 pixels otherwise than the interpreter: \\d+ of 2000 pixels",
      ],
      ["digits.pb", ["--count", "5"], "picture \\d of 5 of 4×5 pixels otherwise than the interpreter: "],
    ] as const) {
      const { status, stdout, stderr } = await run([
        "bench",
        model,
        ...size,
        "-t",
        "js,c",
        "--compiler",
        "./wrong-compiler",
      ]);
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toMatch(new RegExp(`^error BMN0703: c answers ${what}`, "m"));
    }
  });

  test.each([
    ["refusing", "BMN0703", "./refusing refuses generated code: no thanks", 1],
    ["mute", "BMN0504", "the C compiler ./mute ended well but wrote no program", 3],
    ["ending", "BMN0703", "generated C ended with 9: broken", 1],
    ["none", "BMN0504", "no C compiler was found: ./none", 3],
  ])("a compiler that is %s", async (compiler, code, message, expected) => {
    const { status, stdout, stderr } = await run(["bench", "opening.pb", "-t", "c", "--compiler", `./${compiler}`]);
    expect({ status, stdout }).toEqual({ status: expected, stdout: "" });
    expect(stderr).toContain(`error ${code}: ${message}`);
  });

  test("no temporary file is left, whatever happened", async () => {
    mkdirSync("temporary");
    vi.stubEnv("TMPDIR", join(process.cwd(), "temporary"));
    try {
      await bench("opening.pb", "-t", "c", "--size", "9x9");
      await run(["bench", "opening.pb", "-t", "c", "--compiler", "./refusing", "--quiet"]);
      await run(["bench", "opening.pb", "-t", "c,js", "--compiler", "./wrong-compiler", "--quiet", "--size", "9x9"]);
    } finally {
      vi.unstubAllEnvs();
    }
    // The loader of TypeScript keeps a folder there.
    expect(readdirSync("temporary").filter((name) => !name.startsWith("tsx-"))).toEqual([]);
  });

  test("clang will do where there is no gcc", async () => {
    mkdirSync("clangs");
    symlinkSync(GCC ?? "", "clangs/clang");
    vi.stubEnv("PATH", [join(process.cwd(), "clangs"), "/usr/bin", "/bin"].join(":"));
    try {
      const { contenders } = await bench("opening.pb", "-t", "c", "--size", "9x9", "--compiler", "clang");
      expect(contenders.map(({ label }) => label)).toEqual(["memcpy", "c"]);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe("without a C compiler", () => {
  beforeAll(() => void vi.stubEnv("PATH", join(process.cwd(), "no-compilers")));
  afterAll(() => void vi.unstubAllEnvs());

  test("the other targets are measured, and it is said why", async () => {
    const { status, stdout, stderr } = await run(["bench", "opening.pb", "--size", "20x20", "--quick", "--time", "0"]);
    expect(status).toBe(0);
    expect(stderr).toContain("c-scalar is left out: no C compiler was found: gcc, clang\n");
    expect(stdout).toMatch(/^opening: 2 layers, exact, 20×20 pixels\n.*; no C compiler\n/);
    const labels = [...stdout.matchAll(/^(\S.*?) {2,}[\d.]+ /gm)].map(([, label]) => label);
    expect(labels).toEqual(["memcpy", "wasm", "wasm, in place", "wasm-mvp", "wasm-mvp, in place", "js"]);
  });

  test("a C target that is asked for is an error", async () => {
    const { status, stderr } = await run(["bench", "opening.pb", "-t", "js,c"]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^error BMN0504: the target c cannot run here: no C compiler was found: gcc, clang\n/);
  });
});

test.each([
  [["opening.pb", "--size", "9x9", "--count", "2"], 2, "--count is for networks that answer a vector or a class"],
  [["digits.pb", "--size", "9x9"], 2, "--size 9x9: the network's own size is 4x5"],
  [["digits.pb", "--count", "65536"], 2, "--count: expected an integer from 1 to 65535"],
  [["halved.pb", "--size", "3x9"], 3, "error BMN0603: the network refuses a picture of 3×9"],
  [["opening.pb", "--size", "65535x65535"], 3, "error BMN0605: a picture of 65535×65535 pixels"],
  [["opening.pb", "--size", "9"], 2, "--size 9: write height x width"],
  [["--erosion", "disk5", "--size", "1x65535", "--shape", "3x3"], 2, "--shape is for models"],
  [["opening.pb", "--border", "zeros"], 2, "--border is for operators"],
  [["opening.pb", "--erosion", "disk5"], 2, "name one model, or one operator"],
  [["--opening", "disk5", "--erosion", "disk5"], 2, "name one model, or one operator"],
  [[], 2, "name one model, or one operator"],
  [["--erosion", "disc5"], 3, 'error BMN0801: the structuring element "disc5" is unknown'],
  [["--erosion", "3x3@1,1 111/111"], 3, "error BMN0401: the picture of the structuring element is not 3×3"],
  [["--erosion", "1x1@-999,0 1"], 3, "error BMN0402"],
  [["opening.pb", "--time", "-1"], 2, "--time: expected seconds from 0 to 3600"],
  [["opening.pb", "--time", "soon"], 2, "--time: expected seconds from 0 to 3600"],
  [["opening.pb", "-t", "quantum"], 3, "error BMN0501"],
  [["missing.pb"], 3, "error BMN0101"],
])("refuses %j", async (args, expected, message) => {
  const { status, stdout, stderr } = await run([
    "bench",
    ...args,
    ...(args.includes("-t") ? [] : ["-t", "js"]),
    "--quiet",
  ]);
  expect({ status, stdout }).toEqual({ status: expected, stdout: "" });
  expect(stderr).toContain(message);
});

test("memory is bounded before anything runs", async () => {
  const planes = { ...opening, name: "planes", input: { ...opening.input, channels: 256 } };
  const [first] = opening.layers;
  if (first?.kind !== "bisel") throw new Error("the opening begins otherwise");
  const bank = (count: number, inputs: number): typeof first.bise => ({
    count,
    inputsPerNeuron: inputs,
    weights: new Float32Array(count * inputs).fill(1),
    biases: new Float32Array(count).fill(0.5),
    scales: new Float32Array(count).fill(1),
    activation: "step",
  });
  const size = { kernelHeight: 1, kernelWidth: 1, border: "zeros" } as const;
  const layer = {
    kind: "bisel",
    inChannels: 256,
    outChannels: 1,
    ...size,
    bise: bank(256, 1),
    lui: bank(1, 256),
  } as const;
  writeFileSync("planes.pb", encodeModel({ ...planes, layers: [layer] }));
  const { status, stderr } = await run(["bench", "planes.pb", "-t", "js", "--size", "8192x8192"]);
  expect(status).toBe(3);
  expect(stderr).toMatch(/error BMN0605: a picture of this size takes 2\d\d\d MiB with answer and working memory/);
});
