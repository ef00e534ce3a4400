/** Limits of a float32 evaluation, as docs/certificate.md states them. */

/** Half a unit in the last place of 1. */
export const UNIT_ROUND_OFF = 2 ** -24;
/** Smaller numbers, P among them, may be flushed to zero. */
export const LEAST_NORMAL = 2 ** -126;
/** A sum of so much might overflow. */
export const OVERFLOW = 2 ** 127;
/** Where |P·z| is at least so large, ξ is above ½. */
export const LEAST_ARGUMENT = 2 ** -20;
