// A thread knows no TypeScript unless it is told. Running from source, it starts here; the build puts the compiled
// timing-worker.ts in the place of this file.
import { register } from "tsx/esm/api";

register();
await import("./timing-worker.ts");
