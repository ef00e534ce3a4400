/** Bits [byte ≥ threshold] of 32 bytes: two vectors of comparisons, or four bytes of a word at a time without SIMD. */
import type { Word } from "../../word/node.js";
import { emitAddress } from "./address.js";
import { emitIndex } from "./index-value.js";
import { type Expression, type Local, newLocal, readLocal, type Scope } from "./scope.js";

export function emitLevelSet(scope: Scope, word: Extract<Word, { kind: "level-set" }>): Expression {
  const { binaryen, module } = scope;
  const { i32 } = module;
  const { base, immediate } = emitAddress(scope, word.pointer, 0);
  const [start, threshold] = [newLocal(scope, binaryen.i32), newLocal(scope, binaryen.i32)];
  const bits = scope.vectorLanes === 4 ? bitsOfVectors : bitsOfWords;
  const isReachable = i32.lt_u(readLocal(scope, threshold), i32.const(256));
  return module.block(
    null,
    [
      module.local.set(start.index, base),
      module.local.set(threshold.index, emitIndex(scope, word.threshold)),
      module.if(isReachable, bits(scope, start, immediate, threshold), i32.const(0)),
    ],
    binaryen.i32,
  );
}

function bitsOfVectors(scope: Scope, start: Local, immediate: number, threshold: Local): Expression {
  const { i32, i8x16, v128 } = scope.module;
  const half = (offset: number): Expression => {
    const pixels = v128.load(immediate + offset, 1, readLocal(scope, start));
    return i8x16.bitmask(i8x16.ge_u(pixels, i8x16.splat(readLocal(scope, threshold))));
  };
  return i32.or(half(0), i32.shl(half(16), i32.const(16)));
}

/** The low seven bits of a byte reach its highest bit where they are at least those of the threshold. */
function bitsOfWords(scope: Scope, start: Local, immediate: number, threshold: Local): Expression {
  const { binaryen, module } = scope;
  const { i32 } = module;
  const [rest, isHigh] = [newLocal(scope, binaryen.i32), newLocal(scope, binaryen.i32)];
  const [pixels, low] = [newLocal(scope, binaryen.i32), newLocal(scope, binaryen.i32)];
  const read = (local: Local): Expression => readLocal(scope, local);
  const distance = i32.sub(module.select(read(isHigh), i32.const(256), i32.const(128)), read(threshold));
  const setup = [
    module.local.set(isHigh.index, i32.gt_u(read(threshold), i32.const(128))),
    module.local.set(rest.index, i32.mul(distance, i32.const(0x01010101))),
  ];
  let bits: Expression | null = null;
  for (let bit = 0; bit < 32; bit += 4) {
    const above = module.select(read(isHigh), i32.and(read(low), read(pixels)), i32.or(read(low), read(pixels)));
    // The product brings the four highest bits together.
    const product = i32.mul(i32.shr_u(i32.and(above, i32.const(0x80808080 | 0)), i32.const(7)), i32.const(0x10204080));
    const four = module.block(
      null,
      [
        module.local.set(pixels.index, i32.load(immediate + bit, 1, read(start))),
        module.local.set(low.index, i32.add(i32.and(read(pixels), i32.const(0x7f7f7f7f)), read(rest))),
        i32.shl(i32.shr_u(product, i32.const(28)), i32.const(bit)),
      ],
      binaryen.i32,
    );
    bits = bits === null ? four : i32.or(bits, four);
  }
  return module.block(null, [...setup, bits ?? i32.const(0)], binaryen.i32);
}
