// Serves the repository to this machine alone: browsers load modules from servers, not from files.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** Ends with a separator. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".png": "image/png",
};

const server = createServer(async ({ url }, response) => {
  try {
    const path = normalize(join(ROOT, decodeURIComponent(new URL(url, "http://localhost").pathname)));
    const type = TYPES[extname(path)];
    if (type === undefined || !path.startsWith(ROOT)) throw new Error("not served");
    const content = await readFile(path);
    response.writeHead(200, { "content-type": type }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});

server.listen(Number(process.env.PORT ?? 8080), "localhost", () => {
  process.stdout.write(`http://localhost:${server.address().port}/examples/web/index.html\n`);
});
