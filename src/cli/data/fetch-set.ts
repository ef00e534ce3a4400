/** Fetching a public set: everything that was asked for, checked, or nothing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { downloadSize, type KnownSet } from "../../data/known-sets.js";
import { DiagnosticError } from "../../diagnostics.js";
import { type Context, UsageError } from "../context.js";
import { readFile } from "../files.js";
import { openProgress } from "../progress.js";
import { holdingSignals } from "../signals.js";
import { type OutputFile, writeFiles } from "../write-files.js";
import { checkDownload, mostBytes } from "./check-download.js";
import { type DownloadLimits, download } from "./download.js";

const IDLE_SECONDS = 30;
const WHOLE_SECONDS = 3600;

export interface FetchPlan {
  readonly set: KnownSet;
  readonly folder: string;
  /** Folder on a server. */
  readonly source: URL;
  readonly patience?: Pick<DownloadLimits, "idleSeconds" | "seconds">;
}

/** The place that `--mirror` names, or the set's own. @throws UsageError */
export function sourceOf(set: KnownSet, mirror: string | undefined): URL {
  const text = mirror ?? set.source;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new UsageError(`--mirror ${text}: give the address of a folder that begins with https:// or http://`);
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/**
 * Downloads the files of a set into a folder, unless they are there and are the right ones.
 * @returns whether there was something to do
 * @throws DiagnosticError BMN0102, BMN0805, BMN0806
 */
export async function fetchSet(plan: FetchPlan, context: Context): Promise<boolean> {
  const { set, folder, source } = plan;
  if (isComplete(set, folder)) {
    context.log(`${folder} has all of ${set.title} already`);
    return false;
  }
  context.log(
    `fetching ${set.title} (${set.about}, ${set.licence}): ${set.files.length} files, ` +
      `${megabytes(downloadSize(set))}, from ${source.href} to ${folder}`,
  );
  const controller = new AbortController();
  let running: Promise<readonly OutputFile[]> | null = null;
  await holdingSignals(
    async () => {
      running = downloadAll(plan, controller.signal, context);
      writeFiles(folder, await running);
    },
    async () => {
      controller.abort();
      // The progress bar has to leave the terminal as it was.
      await running?.catch(() => undefined);
    },
  );
  return true;
}

async function downloadAll(plan: FetchPlan, signal: AbortSignal, context: Context): Promise<readonly OutputFile[]> {
  const { set, source, patience = { idleSeconds: IDLE_SECONDS, seconds: WHOLE_SECONDS } } = plan;
  const progress = await openProgress(context, "download");
  const total = downloadSize(set);
  let come = 0;
  const onBytes = (count: number): void => {
    come += count;
    progress.update(Math.min(come / total, 1));
  };
  try {
    const files: OutputFile[] = [];
    for (const file of set.files) {
      const url = new URL(file.name, source);
      const limits = { bytes: mostBytes(file), ...patience };
      const content = await download(url, limits, signal, onBytes);
      checkDownload(content, file, url.href);
      files.push({ path: file.name, content });
    }
    return files;
  } catch (error) {
    throw withHint(error, plan);
  } finally {
    progress.stop();
  }
}

/** Whether every file is there and right. */
function isComplete(set: KnownSet, folder: string): boolean {
  return set.files.every((file) => {
    const path = join(folder, file.name);
    if (!existsSync(path)) return false;
    try {
      checkDownload(readFile(path, mostBytes(file)), file, path);
      return true;
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      return false;
    }
  });
}

/** Adds what to do without the server. */
function withHint(error: unknown, { set, folder }: FetchPlan): unknown {
  if (!(error instanceof DiagnosticError)) return error;
  const names = set.files.map(({ name }) => name).join(", ");
  const hint =
    `nothing has been written; try later, name another place with --mirror URL, ` +
    `or put ${names} into ${folder} by hand (${set.page})`;
  return new DiagnosticError(error.diagnostics.map((diagnostic) => ({ hint, ...diagnostic })));
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
