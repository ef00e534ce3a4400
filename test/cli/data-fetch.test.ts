/** Fetching sets from a server on this machine. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Context } from "../../src/cli/context.js";
import { fetchSet, sourceOf } from "../../src/cli/data/fetch-set.js";
import { encodeIdx } from "../../src/data/idx.js";
import { KNOWN_SETS, type KnownSet } from "../../src/data/known-sets.js";
import { DiagnosticError, renderDiagnostic } from "../../src/diagnostics.js";
import { GOLDEN_FOLDER } from "../golden/golden-networks.js";
import { enterFolder, run } from "./harness.js";

const MNIST = join(GOLDEN_FOLDER, "../data/mnist");

let leave = (): void => undefined;
let server: Server;
let address = "";
let answer: (name: string, response: ServerResponse) => void = () => undefined;
let asked: string[] = [];
beforeAll(async () => {
  leave = enterFolder();
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer((request.url ?? "").replace(/^.*\//, ""), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/set`;
});
afterEach(() => {
  asked = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  leave();
});

const pictures = encodeIdx({ dimensions: [3, 2, 2], samples: Uint8Array.from({ length: 12 }, (_, at) => at) });
const labels = encodeIdx({ dimensions: [3], samples: Uint8Array.of(0, 1, 2) });
const FILES: Readonly<Record<string, Uint8Array>> = { "a.gz": gzipSync(pictures), "b.gz": gzipSync(labels) };

const small: KnownSet = {
  name: "small",
  title: "Small",
  about: "three pictures",
  licence: "CC0-1.0",
  page: "https://example.org/small",
  source: "https://example.org/files/",
  files: [
    {
      name: "a.gz",
      dimensions: [3, 2, 2],
      bytes: 40,
      checksum: { of: "content", sha256: createHash("sha256").update(pictures).digest("hex") },
    },
    {
      name: "b.gz",
      dimensions: [3],
      bytes: 30,
      checksum: { of: "file", md5: createHash("md5").update(gzipSync(labels)).digest("hex") },
    },
  ],
};

const serve = (files: Readonly<Record<string, Uint8Array>>) => (name: string, response: ServerResponse) => {
  const content = files[name];
  if (content === undefined) response.writeHead(404).end("nothing here");
  else response.end(content);
};

/** What was logged, and the diagnostics. */
async function fetchSmall(folder: string, idleSeconds = 20, seconds = 60): Promise<string> {
  let log = "";
  const context = new Context(
    {
      env: {},
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      readStdin: async () => new Uint8Array(),
      writeStdout: () => undefined,
      writeStderr: (text) => {
        log += text;
      },
    },
    { json: false, quiet: false },
  );
  const source = sourceOf(small, address);
  try {
    await fetchSet({ set: small, folder, source, patience: { idleSeconds, seconds } }, context);
    return log;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    expect(existsSync(folder)).toBe(false);
    return error.diagnostics.map(renderDiagnostic).join("\n");
  }
}

describe("a set is fetched", () => {
  test("after it was said what, from where and how large; once", async () => {
    answer = serve(FILES);
    expect(await fetchSmall("whole")).toBe(
      `fetching Small (three pictures, CC0-1.0): 2 files, 0.0 MB, from ${address}/ to whole\n`,
    );
    expect(asked).toEqual(["/set/a.gz", "/set/b.gz"]);
    expect(readdirSync("whole")).toEqual(["a.gz", "b.gz"]);
    expect(readFileSync("whole/a.gz")).toEqual(FILES["a.gz"]);
    expect(await fetchSmall("whole")).toBe("whole has all of Small already\n");
    expect(asked).toHaveLength(2);
  });

  test("again where a file is wrong, whatever else lies there", async () => {
    answer = serve(FILES);
    mkdirSync("wrong");
    writeFileSync("wrong/a.gz", "x");
    writeFileSync("wrong/mine.txt", "mine");
    await fetchSmall("wrong");
    expect(readdirSync("wrong")).toEqual(["a.gz", "b.gz", "mine.txt"]);
    expect(readFileSync("wrong/a.gz")).toEqual(FILES["a.gz"]);
  });

  test("through a redirection", async () => {
    answer = (name, response) => {
      if (asked.length === 1) response.writeHead(302, { location: `/elsewhere/${name}` }).end();
      else serve(FILES)(name, response);
    };
    await fetchSmall("redirected");
    expect(asked).toEqual(["/set/a.gz", "/elsewhere/a.gz", "/set/b.gz"]);
    expect(readdirSync("redirected")).toEqual(["a.gz", "b.gz"]);
  });
});

describe("nothing is written", () => {
  const other =
    (content: Uint8Array | string): (() => Promise<string>) =>
    async () => {
      answer = serve({ ...FILES, "b.gz": Buffer.from(content) });
      return fetchSmall("none");
    };
  test.each<[string, () => Promise<string>, RegExp]>([
    ["no gzip", other("<html>"), /BMN0806: the compressed file is corrupt \(Z_DATA_ERROR\)/],
    ["half a file", other(gzipSync(labels).subarray(0, 15)), /BMN0806: the compressed file is corrupt \(Z_BUF_ERROR\)/],
    ["no IDX", other(gzipSync("hello")), /BMN0806: the file does not begin with two zero bytes/],
    ["an inner bomb", other(gzipSync(new Uint8Array(100_000))), /BMN0806: more than 11 bytes without compression/],
    ["too many bytes", other(new Uint8Array(100_000)), /BMN0806: more than 1036 bytes come/],
    [
      "other dimensions",
      other(gzipSync(encodeIdx({ dimensions: [2], samples: new Uint8Array(2) }))),
      /BMN0806: the file has 2 bytes, not 3/,
    ],
    [
      "other content",
      other(gzipSync(encodeIdx({ dimensions: [3], samples: Uint8Array.of(2, 1, 0) }))),
      /BMN0806: the checksum is [0-9a-f]{32}, not [0-9a-f]{32}/,
    ],
    [
      "a missing file",
      async () => {
        answer = serve({ "a.gz": FILES["a.gz"] ?? new Uint8Array() });
        return fetchSmall("none");
      },
      /BMN0805: the download failed: the server answers 404 Not Found/,
    ],
    [
      "a broken connection",
      async () => {
        answer = (name, response) => {
          if (name === "a.gz") serve(FILES)(name, response);
          else response.writeHead(200, { "content-length": 1000 }).write("abc", () => response.destroy());
        };
        return fetchSmall("none");
      },
      /BMN0805: the download failed: /,
    ],
    [
      "a server that does not answer",
      async () => {
        answer = () => undefined;
        return fetchSmall("none", 0.1);
      },
      /BMN0805: the download failed: nothing came for 0\.1 s/,
    ],
    [
      "a server that stops in the middle",
      async () => {
        answer = (_, response) => void response.writeHead(200).write("abc");
        return fetchSmall("none", 0.2);
      },
      /BMN0805: the download failed: nothing came for 0\.2 s/,
    ],
    [
      "a server that drips",
      async () => {
        answer = (_, response) => {
          const drip = setInterval(() => response.write("a"), 5);
          response.on("close", () => clearInterval(drip));
        };
        return fetchSmall("none", 20, 0.3);
      },
      /BMN0805: the download failed: it took more than 0\.3 s/,
    ],
  ])("for %s", async (_, action, message) => {
    const text = await action();
    expect(text).toMatch(message);
    expect(text).toMatch(/\n {2}at http:\/\/127\.0\.0\.1:\d+\/set\/[ab]\.gz\n {2}hint: nothing has been written/);
    expect(text).toContain("put a.gz, b.gz into none by hand (https://example.org/small)");
  });

  test("for Ctrl-C", async () => {
    const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
    const args = ["--import", import.meta.resolve("tsx"), main, "data", "fetch", "mnist", "-o", "cut"];
    const waiting = new Promise<void>((resolve) => {
      answer = (_, response) => void response.writeHead(200).write("abc", () => resolve());
    });
    const child = spawn(process.execPath, [...args, "--mirror", address], { stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    await waiting;
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(existsSync("cut")).toBe(false);
  });
});

describe("the command", () => {
  /** Ports differ from run to run. */
  const shown = (text: string): string => text.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>");

  test.each<[string, Readonly<Record<string, Uint8Array>>]>([
    ["BMN0805", {}],
    ["BMN0806", { "train-images-idx3-ubyte.gz": Buffer.from("<html>") }],
  ])("%s", async (code, files) => {
    answer = serve(files);
    const { status, stdout, stderr } = await run(["data", "fetch", "mnist", "-o", "none", "--mirror", address]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    const command = "$ bimonnc data fetch mnist -o none --mirror http://127.0.0.1:<port>/set";
    await expect(`${command}\nstatus ${status}\n---- stderr\n${shown(stderr)}`).toMatchFileSnapshot(
      `../cases/cli/${code}.txt`,
    );
    expect(existsSync("none")).toBe(false);
  });

  test.skipIf(!existsSync(MNIST))("fetches MNIST (needs the data folder)", async () => {
    answer = serve(Object.fromEntries(readdirSync(MNIST).map((name) => [name, readFileSync(join(MNIST, name))])));
    const answered = await run(["data", "fetch", "mnist", "-o", "digits", "--mirror", address, "--json"]);
    expect(answered.status).toBe(0);
    const names = KNOWN_SETS[0]?.files.map(({ name }) => name) ?? [];
    expect(JSON.parse(answered.stdout)).toEqual({ set: "mnist", folder: "digits", fetched: true, files: names });
    expect(readdirSync("digits").sort()).toEqual([...names].sort());
    const again = await run(["data", "fetch", "mnist", "-o", "digits", "--mirror", address]);
    expect(again).toMatchObject({ status: 0, stdout: "digits\n", stderr: "digits has all of MNIST already\n" });
    expect(asked).toHaveLength(4);
  });
});
