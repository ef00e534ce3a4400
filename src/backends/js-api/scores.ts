/** From the exact limbs of a read-out to the scores that a caller wants: ξ(z) in double precision. */
import type { ScoreActivation } from "../../ir/node.js";
import type { ScoresOutput } from "../../word/node.js";
import type { HelperFunction } from "./api.js";

/** `decodeScores` and the activations it calls. */
export function scoreFunctions(format: ScoresOutput): HelperFunction[] {
  const used = [...new Set(format.activation)].sort();
  return [...used.map(activationFunction), decodeScores(format, used)];
}

function decodeScores(format: ScoresOutput, used: readonly ScoreActivation[]): HelperFunction {
  const [only] = used;
  const single = used.length === 1 && only !== undefined;
  return {
    name: "decodeScores",
    docs: ["The activated scores; exact sums, rounded once to a double before the activation."],
    parameters: [
      { name: "limbs", type: "Int32Array" },
      { name: "scores", type: "Float64Array" },
    ],
    result: "void",
    body: [
      ...(single ? [] : [`const activations = [${format.activation.join(", ")}];`]),
      "for (let index = 0; index < scores.length; index++) {",
      ...sumLines(format).map((line) => `  ${line}`),
      single
        ? `  scores[index] = ${only}(z${scaleText(format.exponent)});`
        : `  scores[index] = activations[index % ${format.classes}](z${scaleText(format.exponent)});`,
      "}",
    ],
  };
}

/** Statements that leave the integer sum, correctly rounded, in `z`. */
function sumLines({ limbs, limbBits }: ScoresOutput): string[] {
  if (limbs === 1) return ["const z = limbs[index];"];
  const first = `const first = index * ${limbs};`;
  const loop = `for (let limb = ${limbs - 2}; limb >= 0; limb--) {`;
  // The sum is at most 2^((limbs − 1)·limbBits + 31) in absolute value, and so is every partial one.
  if ((limbs - 1) * limbBits + 31 <= 53) {
    return [
      first,
      `let z = limbs[first + ${limbs - 1}];`,
      loop,
      `  z = z * ${2 ** limbBits} + limbs[first + limb];`,
      "}",
    ];
  }
  return [
    first,
    `let sum = BigInt(limbs[first + ${limbs - 1}]);`,
    loop,
    `  sum = (sum << ${limbBits}n) + BigInt(limbs[first + limb]);`,
    "}",
    "const z = Number(sum);",
  ];
}

/** ` * 2 ** exponent`, in steps that are themselves representable. */
function scaleText(exponent: number): string {
  const step = Math.sign(exponent) * Math.min(Math.abs(exponent), 1000);
  return exponent === 0 ? "" : ` * 2 ** ${step}${scaleText(exponent - step)}`;
}

function activationFunction(activation: ScoreActivation): HelperFunction {
  return {
    name: activation,
    docs: [],
    parameters: [{ name: "z", type: "number" }],
    result: "number",
    body: ACTIVATION_BODIES[activation],
  };
}

const ACTIVATION_BODIES: Readonly<Record<ScoreActivation, readonly string[]>> = {
  tanh: ["return 0.5 * Math.tanh(z) + 0.5;"],
  sigmoid: ["return 1 / (1 + Math.exp(-z));"],
  arctan: ["return Math.atan(z) / Math.PI + 0.5;"],
  step: ["return z > 0 ? 1 : 0;"],
  identity: ["return z;"],
  // erf z = 2/√π · e^(−z²) · Σ 2^n z^(2n+1) / (1·3·…·(2n+1)): no cancellation; beyond 6 it is 1 in double precision.
  erf: [
    "if (Math.abs(z) > 6) return z > 0 ? 1 : 0;",
    "let term = z;",
    "let sum = z;",
    "for (let n = 1; sum + term !== sum; n++) {",
    "  term *= (2 * z * z) / (2 * n + 1);",
    "  sum += term;",
    "}",
    "return 0.5 + (sum * Math.exp(-z * z)) / Math.sqrt(Math.PI);",
  ],
};
