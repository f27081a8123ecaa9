package io.github.openaikserve.internal.json;

/**
 * The limits of JSON text. Immutable.
 *
 * @param depth the maximum nesting depth of objects and arrays
 * @param digits the maximum length of a number in characters
 * @param string the maximum length of a string in characters
 * @param nodes the maximum number of objects, arrays and values other than numbers in a request
 * @param numbers the maximum number of numbers in a request
 */
public record JsonLimits(int depth, int digits, int string, int nodes, int numbers) {
  /** The limits of JSON other than requests, and the default limits of requests. */
  public static final JsonLimits DEFAULT = new JsonLimits(100, 100, 64 << 20, 100_000, 1_000_000);
}
