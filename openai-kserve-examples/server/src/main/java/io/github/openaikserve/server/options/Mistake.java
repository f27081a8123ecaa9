package io.github.openaikserve.server.options;

/**
 * An error in the options of a record, such as a contradiction. The constructor of the record
 * throws it; the reader adds the place.
 */
public final class Mistake extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String other;

  /**
   * Creates a mistake.
   *
   * @param key the option that is wrong, relative to the record, such as {@code models[1].id}
   */
  public Mistake(String key, String message) {
    this(key, message, "");
  }

  /**
   * Creates a mistake that involves two options.
   *
   * @param other the option that {@code key} contradicts; the reader appends its place
   */
  public Mistake(String key, String message, String other) {
    super(message);
    this.key = key;
    this.other = other;
  }

  String key() {
    return key;
  }

  String other() {
    return other;
  }
}
