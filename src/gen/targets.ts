// Made by scripts/generate-targets.ts; never edited.
export const TARGET_TEXTS: readonly string[] = [
  "{\"$schema\":\"./target.schema.json\",\"name\":\"wasm\",\"description\":\"WebAssembly with 128-bit SIMD\",\"backend\":\"wasm\",\"vectorBits\":128,\"tileWords\":128}",
  "{\"$schema\":\"./target.schema.json\",\"name\":\"wasm-mvp\",\"description\":\"WebAssembly without extensions, for any engine\",\"backend\":\"wasm\",\"vectorBits\":32}",
  "{\"$schema\":\"./target.schema.json\",\"name\":\"js\",\"description\":\"JavaScript, one module without dependencies\",\"backend\":\"js\",\"vectorBits\":32}",
  "{\"$schema\":\"./target.schema.json\",\"name\":\"c\",\"description\":\"portable C99; 128-bit vectors where GCC or Clang compiles it\",\"backend\":\"c\",\"vectorBits\":128,\"tileWords\":128}",
  "{\"$schema\":\"./target.schema.json\",\"name\":\"c-avx2\",\"description\":\"C99 with 256-bit vectors; compile with -mavx2\",\"backend\":\"c\",\"vectorBits\":256,\"tileWords\":128}",
  "{\"$schema\":\"./target.schema.json\",\"name\":\"c-avx512\",\"description\":\"C99 with 512-bit vectors; compile with -mavx512bw -mavx512vl -mavx512vbmi2, or as much of it as there is\",\"backend\":\"c\",\"vectorBits\":512,\"funnelShift\":true,\"laneMoves\":true}",
  "{\"$schema\":\"./target.schema.json\",\"name\":\"c-neon\",\"description\":\"C99 with 128-bit vectors; compile for AArch64 with NEON\",\"backend\":\"c\",\"vectorBits\":128,\"tileWords\":128}",
  "{\"$schema\":\"./target.schema.json\",\"name\":\"c-scalar\",\"description\":\"C99 on single words, for microcontrollers\",\"backend\":\"c\",\"vectorBits\":32,\"tileRows\":32,\"tileWords\":16}",
];
