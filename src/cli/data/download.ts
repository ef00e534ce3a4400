/** One file over HTTP, never more than is sensible, and never for ever. */
import { fail } from "../../diagnostics.js";

export interface DownloadLimits {
  readonly bytes: number;
  /** Longest wait for the next bytes, and for all of them. */
  readonly idleSeconds: number;
  readonly seconds: number;
}

/**
 * @param onBytes is told of the number of bytes that came
 * @throws DiagnosticError BMN0805 if the file does not come, BMN0806 if it has more than `limits.bytes`
 */
export async function download(
  url: URL,
  limits: DownloadLimits,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<Uint8Array> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error("it was interrupted"));
  signal.addEventListener("abort", abort);
  const wait = (): NodeJS.Timeout =>
    setTimeout(
      () => controller.abort(new Error(`nothing came for ${limits.idleSeconds} s`)),
      limits.idleSeconds * 1000,
    );
  const whole = setTimeout(
    () => controller.abort(new Error(`it took more than ${limits.seconds} s`)),
    limits.seconds * 1000,
  );
  let timer = wait();
  try {
    const response = await fetch(url, {
      signal: controller.signal,
      // The files are compressed themselves.
      headers: { "accept-encoding": "identity" },
    });
    if (!response.ok || response.body === null) {
      throw new Error(`the server answers ${response.status} ${response.statusText}`.trimEnd());
    }
    if (url.protocol === "https:" && new URL(response.url).protocol !== "https:") {
      throw new Error("the server leads to a place without encryption");
    }
    const chunks: Uint8Array[] = [];
    let total = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = wait();
      total += chunk.length;
      if (total > limits.bytes) throw new TooLong();
      chunks.push(chunk);
      onBytes(chunk.length);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const source = url.href;
    if (error instanceof TooLong)
      fail("BMN0806", `more than ${limits.bytes} bytes come, which is too many`, { source });
    return fail("BMN0805", `the download failed: ${reasonOf(error)}`, { source });
  } finally {
    signal.removeEventListener("abort", abort);
    clearTimeout(timer);
    clearTimeout(whole);
  }
}

class TooLong extends Error {}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "the name of the server is not known; is this machine offline?",
  EAI_AGAIN: "the name of the server cannot be looked up; is this machine offline?",
  ECONNREFUSED: "the server refuses the connection",
  ECONNRESET: "the connection broke",
  ENETUNREACH: "the network cannot be reached",
  EHOSTUNREACH: "the server cannot be reached",
  ETIMEDOUT: "the server does not answer",
  UND_ERR_CONNECT_TIMEOUT: "the server does not answer",
  UND_ERR_SOCKET: "the connection broke",
};

/** What is behind "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const known = REASONS[code];
  if (known !== undefined) return known;
  const text = cause instanceof Error && cause.message !== "" ? cause.message : error.message;
  return code === "" || text.includes(code) ? text : `${text} (${code})`;
}
