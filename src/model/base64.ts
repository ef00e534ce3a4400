const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const INVALID = 255;

/** Value of each character code; both the usual and the URL-safe alphabet are read. */
const VALUE_OF_CODE = (() => {
  const values = new Uint8Array(128).fill(INVALID);
  for (let value = 0; value < 64; value++) values[ALPHABET.charCodeAt(value)] = value;
  values["-".charCodeAt(0)] = 62;
  values["_".charCodeAt(0)] = 63;
  return values;
})();

/** Bytes of a base64 text, with or without its padding; null if it is none. */
export function decodeBase64(text: string): Uint8Array | null {
  let end = text.length;
  if (text.endsWith("=")) {
    if (text.length % 4 !== 0) return null;
    end -= text.endsWith("==") ? 2 : 1;
  }
  if (end % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((end * 3) / 4));
  let written = 0;
  let pending = 0;
  let pendingBits = 0;
  for (let index = 0; index < end; index++) {
    const value = VALUE_OF_CODE[text.charCodeAt(index)] ?? INVALID;
    if (value === INVALID) return null;
    pending = ((pending << 6) | value) & 0xffff;
    pendingBits += 6;
    if (pendingBits >= 8) {
      pendingBits -= 8;
      bytes[written++] = pending >>> pendingBits;
    }
  }
  return bytes;
}

/** Padded base64 text in the usual alphabet. */
export function encodeBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill("=".charCodeAt(0));
  let written = 0;
  for (let index = 0; index < bytes.length; index += 3) {
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    const digits = Math.min(4, bytes.length - index + 1);
    for (let digit = 0; digit < digits; digit++) {
      codes[written++] = ALPHABET.charCodeAt((group >>> (18 - 6 * digit)) & 63);
    }
  }
  return new TextDecoder().decode(codes);
}
