/** Which libraries this machine has, found by building a program with them. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Library {
  readonly version: string;
  readonly compilerFlags: readonly string[];
  readonly linkerFlags: readonly string[];
}

interface Probe {
  readonly compiler: string;
  readonly language: string;
  /** A program that prints the library's version. */
  readonly source: string;
  /** Places and names that distributions use. */
  readonly variants: readonly Omit<Library, "version">[];
}

const LEPTONICA: Probe = {
  compiler: "gcc",
  language: "c",
  source:
    "#include <leptonica/allheaders.h>\n#include <stdio.h>\nint main(void) { puts(getLeptonicaVersion()); return 0; }",
  variants: ["-lleptonica", "-llept"].map((flag) => ({ compilerFlags: [], linkerFlags: [flag] })),
};

const OPENCV: Probe = {
  compiler: "g++",
  language: "c++",
  source:
    "#include <opencv2/core.hpp>\n#include <opencv2/imgproc.hpp>\n#include <cstdio>\n" +
    'int main() { cv::Mat a(9, 9, CV_8UC1), b; cv::erode(a, b, a); std::puts("OpenCV " CV_VERSION); }',
  variants: ["/usr/include/opencv4", "/usr/local/include/opencv4"].map((folder) => ({
    compilerFlags: ["-I", folder],
    linkerFlags: ["-lopencv_imgproc", "-lopencv_core", "-lstdc++"],
  })),
};

export interface Libraries {
  readonly leptonica: Library | null;
  readonly opencv: Library | null;
}

export function findLibraries(): Libraries {
  return { leptonica: find(LEPTONICA), opencv: find(OPENCV) };
}

function find({ compiler, language, source, variants }: Probe): Library | null {
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-library-"));
  const executable = join(folder, "probe");
  try {
    for (const variant of variants) {
      const operands = ["-x", language, "-o", executable, "-", ...variant.compilerFlags, ...variant.linkerFlags];
      const { status } = spawnSync(compiler, operands, { input: source, stdio: ["pipe", "ignore", "ignore"] });
      if (status === 0) return { ...variant, version: execFileSync(executable, { encoding: "utf8" }).trim() };
    }
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
