// Made by scripts/generate-targets.ts; never edited.
export const VERSION = "0.1.0";
