package io.github.openaikserve.server.options;

import java.util.List;
import java.util.regex.Pattern;

/** Checks of options that must fit into a header of HTTP. */
public final class HeaderText {
  /** Source: RFC 9110, section 5.6.2. */
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private HeaderText() {}

  /**
   * Checks that a text is the name of a header.
   *
   * @param key the option, relative to the record
   * @throws Mistake if the text has a character that no name has
   */
  public static void checkName(String key, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new Mistake(key, "expected the name of a header, found '%s'".formatted(name));
    }
  }

  /**
   * Checks that keys can be sent in a header. The message does not show a key.
   *
   * @param key the option, relative to the record
   * @throws Mistake if a key has a control character or is surrounded by spaces
   */
  public static void checkKeys(String key, List<String> keys) {
    for (int i = 0; i < keys.size(); i++) {
      String place = key + "[" + i + "]";
      if (keys.get(i).chars().anyMatch(Character::isISOControl)) {
        throw new Mistake(
            place, "has a control character, such as a line break, which no client can send");
      }
      if (!keys.get(i).equals(keys.get(i).strip())) {
        throw new Mistake(place, "begins or ends with a space, which no client can send");
      }
    }
  }
}
