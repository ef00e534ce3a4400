import { randomInt } from "node:crypto";
import { join } from "node:path";
import { fail, withSource } from "../../diagnostics.js";
import { interpretModule } from "../../ir/interpret.js";
import type { MorphModule } from "../../ir/node.js";
import { parseModule } from "../../ir/parse.js";
import type { Outcome, Picture } from "../../morph/picture.js";
import { createRandom } from "../../morph/random.js";
import type { Manifest } from "../../run/manifest.js";
import { checkFiles, openArtifact } from "../../run/open-artifact.js";
import type { Runner } from "../../run/runner.js";
import type { VerifyArguments } from "../arguments.js";
import { type Context, STATUS } from "../context.js";
import { readFile } from "../files.js";
import { requireArtifact } from "../find-artifact.js";
import { type Fixture, hasFixtures, readFixtures } from "../fixtures.js";
import { naming } from "../naming.js";
import { needOfInterface } from "../network.js";
import { compareOutcomes } from "../outcome.js";
import { openProgress } from "../progress.js";
import { withOpened } from "../signals.js";
import { interpretationSteps, seriesFor, testPicture } from "../test-pictures.js";
import { checkInteger } from "../values.js";
import { type CheckedCertificate, checkAgainstModel, summarize, tellFindings } from "../verify/certificate.js";
import { everyPattern } from "../verify/every-pattern.js";

const MAXIMUM_IR_BYTES = 2 ** 28;
const DEFAULT_IMAGES = 40;
const LARGEST_SEED = 2 ** 32 - 1;
/** About twenty seconds of interpreting, unless the user asks for a number of pictures. */
const MOST_STEPS = 2 ** 31;

/** A picture to try, with the answer that is expected of everyone. */
interface Trial {
  readonly name: string;
  readonly picture: Picture;
  readonly expected: Outcome;
}

interface Failure {
  readonly picture: string;
  readonly differences: number;
  readonly text: string;
}

/**
 * `bimonnc verify`: the files are those of the manifest, the interpreter of MorphIR answers the fixtures as recorded,
 * and the artifact answers fixtures, random pictures and, where they are few, all patterns as the interpreter does, bit for bit.
 * With a model, the certificate is checked against it.
 */
export async function verifyCommand(parsed: VerifyArguments, context: Context): Promise<number> {
  const seed = parsed.seed === undefined ? randomInt(LARGEST_SEED) : checkInteger("seed", parsed.seed, 0, LARGEST_SEED);
  const images = parsed.images === undefined ? null : checkInteger("images", parsed.images, 0, 1_000_000);
  const found = requireArtifact(parsed.artifact);
  const { manifest, directory } = found;
  checkFiles(manifest, directory);
  const module = readModule(manifest, directory);
  const checked = parsed.model === undefined ? null : await checkAgainstModel(parsed.model, found, module, context);
  const need = needOfInterface(manifest.interface);
  const fixtures = hasFixtures(manifest.files, manifest.name) ? await readFixtures(directory, manifest.name, need) : [];
  const stale = checkFixtures(module, fixtures);
  const { pictures, patterns } = everyPattern(module);
  const random = await randomTrials(module, seed, images, context);
  const exhausted = pictures.map((each) => ({ ...each, expected: interpretModule(module, each.picture) }));
  const trials = [...fixtures.map(trialOfFixture), ...random, ...exhausted];
  const options = parsed.compiler === undefined ? {} : { compiler: parsed.compiler };
  const different = await withOpened(
    async () => openArtifact(manifest, directory, options),
    async (runner) => naming(parsed.artifact, async () => compareAll(runner, trials)),
  );
  const failures = [...stale, ...different];
  const counts = { fixtures: fixtures.length, random: random.length, patterns };
  tell(context, { parsed, manifest, seed, counts, failures, checked });
  const holds = checked === null || checked.findings.length === 0;
  return holds && failures.length === 0 ? STATUS.done : STATUS.checkFailed;
}

/** MorphIR beside the artifact, which must read the pictures that the artifact reads. */
function readModule(manifest: Manifest, directory: string): MorphModule {
  const file = `${manifest.name}.ir`;
  const path = join(directory, file);
  return withSource(path, () => {
    if (!manifest.files.some((each) => each.path === file)) fail("BMN0701", `the manifest does not list ${file}`);
    const module = parseModule(Buffer.from(readFile(path, MAXIMUM_IR_BYTES)).toString("utf8"));
    const { inputChannels, samples, height, width } = manifest.interface;
    const { input } = module;
    const same =
      input.channels === inputChannels &&
      input.samples === samples &&
      input.height === height &&
      input.width === width &&
      module.name === manifest.name;
    if (!same) fail("BMN0701", "the MorphIR reads other pictures than the manifest says");
    return module;
  });
}

function trialOfFixture(fixture: Fixture): Trial {
  return { name: `fixture ${fixture.name}`, picture: fixture.picture, expected: fixture.outcome };
}

/** Recorded answers against the interpreter. */
function checkFixtures(module: MorphModule, fixtures: readonly Fixture[]): Failure[] {
  return fixtures.flatMap((fixture) => {
    const { count, text } = compareOutcomes(fixture.outcome, interpretModule(module, fixture.picture));
    return text === null ? [] : [{ picture: `fixture ${fixture.name}, by MorphIR`, differences: count, text }];
  });
}

async function randomTrials(
  module: MorphModule,
  seed: number,
  images: number | null,
  context: Context,
): Promise<Trial[]> {
  const random = createRandom(seed);
  const series = seriesFor(module);
  const total = images ?? DEFAULT_IMAGES;
  const progress = await openProgress(context, "interpret");
  const trials: Trial[] = [];
  const mostSteps = images === null ? MOST_STEPS : Number.POSITIVE_INFINITY;
  let steps = 0;
  for (let index = 0; index < total && steps < mostSteps; index++) {
    const picture = testPicture(series, index, random);
    steps += interpretationSteps(module, picture.height * picture.width);
    const name = `random picture ${index} (${picture.height}×${picture.width})`;
    trials.push({ name, picture, expected: interpretModule(module, picture) });
    progress.update((index + 1) / total);
  }
  progress.stop();
  return trials;
}

/** All pictures in one call, as programs do; and the first one alone, as a vector of one sample. */
async function compareAll(runner: Runner, trials: readonly Trial[]): Promise<Failure[]> {
  const [first] = trials;
  if (first === undefined) return [];
  const alone = await answer(runner, [first]);
  const together = await answer(runner, trials);
  return [...compare([{ ...first, name: `${first.name}, alone` }], alone), ...compare(trials, together)];
}

async function answer(runner: Runner, trials: readonly Trial[]): Promise<readonly Outcome[]> {
  const outcomes = await runner.run(trials.map((trial) => trial.picture));
  if (outcomes.length !== trials.length) {
    fail("BMN0703", `the artifact answered ${outcomes.length} of ${trials.length} pictures`);
  }
  return outcomes;
}

function compare(trials: readonly Trial[], outcomes: readonly Outcome[]): Failure[] {
  return trials.flatMap((trial, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) return [];
    const { count, text } = compareOutcomes(trial.expected, outcome);
    return text === null ? [] : [{ picture: trial.name, differences: count, text }];
  });
}

interface Findings {
  readonly parsed: VerifyArguments;
  readonly manifest: Manifest;
  readonly seed: number;
  readonly counts: { readonly fixtures: number; readonly random: number; readonly patterns: number };
  readonly failures: readonly Failure[];
  /** Null if no model was named. */
  readonly checked: CheckedCertificate | null;
}

const MOST_SHOWN = 20;

function tell(context: Context, { parsed, manifest, seed, counts, failures, checked }: Findings): void {
  for (const failure of failures.slice(0, MOST_SHOWN)) context.print(`${failure.picture}: ${failure.text}`);
  if (failures.length > MOST_SHOWN) context.print(`and ${failures.length - MOST_SHOWN} more answers`);
  if (checked !== null) tellFindings(checked, context);
  const verdict = failures.length === 0 ? "equal" : `${failures.length} answers differ`;
  const patterns = counts.patterns === 0 ? "" : `, all of ${counts.patterns} patterns`;
  const tried = `${counts.fixtures} fixtures and ${counts.random} random pictures${patterns}`;
  context.print(`${manifest.name}, ${manifest.target.name}: ${verdict} on ${tried}, seed ${seed}`);
  context.print(
    checked === null ? "certificate: not checked against a model; name it with --model" : summarize(checked),
  );
  context.printJson({
    artifact: parsed.artifact,
    name: manifest.name,
    target: manifest.target.name,
    grade: manifest.grade,
    equal: failures.length === 0,
    files: manifest.files.length,
    ...counts,
    seed,
    failures,
    certificate:
      checked === null
        ? null
        : { accepted: checked.findings.length === 0, findings: checked.findings, summary: summarize(checked) },
  });
}
