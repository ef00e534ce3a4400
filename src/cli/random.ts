/** Reproducible random numbers for test pictures: the same seed gives the same pictures on every machine. */

/** Uniform integers; `below(n)` is in 0 … n − 1 for n up to 2^32. */
export interface Random {
  below(bound: number): number;
}

/** Weyl sequence through a 32-bit mixer, after "splitmix" (Steele, Lea, Flood, 2014). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  return { below: (bound) => Math.floor((next() / 2 ** 32) * bound) };
}
