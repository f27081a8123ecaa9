package io.github.openaikserve.internal.json;

/**
 * The limits of JSON text. Immutable.
 *
 * @param depth the nesting depth of objects and arrays
 * @param digits the length of a number in characters
 * @param string the length of a string in characters
 * @param nodes the number of objects, arrays and values other than numbers of a request
 * @param numbers the number of numbers of a request
 */
public record JsonLimits(int depth, int digits, int string, int nodes, int numbers) {
  /** The limits of JSON other than requests, and the default limits of requests. */
  public static final JsonLimits DEFAULT = new JsonLimits(100, 100, 64 << 20, 100_000, 1_000_000);
}
