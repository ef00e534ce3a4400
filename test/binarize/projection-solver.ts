/** The projection of a neuron on the dilations by a set, by a general solver of quadratic programs. */
import { createRequire } from "node:module";

/** Goldfarb and Idnani's solver; its arrays begin at 1. */
const { solveQP } = createRequire(import.meta.url)("quadprog") as {
  solveQP: (
    quadratic: number[][],
    linear: number[],
    constraints: number[][],
    bounds: number[],
  ) => { readonly value: readonly number[]; readonly message: string };
};

/** Half the squared distance of (W, bound) to the dilations by S with W ≥ 0; an erosion's is that of its dual. */
export function distanceBySolver(weights: Float32Array, bound: number, members: readonly boolean[]): number {
  const n = weights.length;
  const point = [...weights, bound];
  // Columns a with a·(W′, B′) ≥ 0.
  const unit = (index: number, size = 1): number[] => point.map((_, each) => (each === index ? size : 0));
  const plus = (first: number[], second: number[]): number[] => first.map((value, each) => value + second[each]!);
  const columns = [
    ...Array.from(weights, (_, input) => unit(input)),
    plus(
      unit(n),
      point.map((_, input) => (members[input] === false ? -1 : 0)),
    ),
    ...members.flatMap((member, input) => (member ? [plus(unit(input), unit(n, -1))] : [])),
  ];
  const shifted = <T>(values: readonly T[], first: T): T[] => [first, ...values];
  const { value, message } = solveQP(
    shifted(
      point.map((_, row) => shifted(unit(row), 0)),
      [],
    ),
    shifted(point, 0),
    shifted(
      point.map((_, row) =>
        shifted(
          columns.map((column) => column[row]!),
          0,
        ),
      ),
      [],
    ),
    shifted(
      columns.map(() => 0),
      0,
    ),
  );
  if (message !== "") throw new Error(message);
  return value[1]! + point.reduce((sum, each) => sum + each * each, 0) / 2;
}
