package io.github.openaikserve.server.key;

import io.github.openaikserve.server.limits.Client;
import io.github.openaikserve.server.limits.Client.Scope;
import io.github.openaikserve.server.limits.ClientLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An API key, stored as a digest, with its owner. Immutable.
 *
 * <p>The owner of a key without a name is called {@code key-} and the first digits of the digest.
 */
public record ApiKey(ApiKeyDigest digest, Client client) {
  private static final int SHOWN_DIGITS = 8;
  private static final int PREFIX = "sha256:".length();
  private static final Pattern LINE =
      Pattern.compile("sha256:([0-9a-fA-F]{64})(?:\\s+(\\S.*))?", Pattern.DOTALL);
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]|[\"\\\\]");
  private static final Set<String> ATTRIBUTES =
      Set.of(
          "name", "scope", "requests_per_minute", "tokens_per_minute", "max_in_flight", "models");

  /** Returns a key without limits. */
  public static ApiKey of(String key, Scope... scopes) {
    ApiKeyDigest digest = ApiKeyDigest.of(key);
    return new ApiKey(digest, new Client(nameOf(digest), Set.of(scopes), ClientLimits.NONE));
  }

  private static String nameOf(ApiKeyDigest digest) {
    return "key-" + digest.toString().substring(PREFIX, PREFIX + SHOWN_DIGITS);
  }

  /**
   * Parses a line of an API key file: {@code sha256:} and the digest, then any of {@code name=},
   * {@code scope=} with {@code operator} or {@code models}, {@code requests_per_minute=}, {@code
   * tokens_per_minute=}, {@code max_in_flight=}, and {@code models=} with comma-separated names.
   * Values have no spaces. Words before these attributes form a name, which may have spaces.
   *
   * @throws IllegalArgumentException if the line is invalid; the message does not show the line,
   *     which may be a key
   */
  static ApiKey parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "expected sha256: and 64 hexadecimal digits; create the line with --hash-api-key");
    }
    var digest = new ApiKeyDigest(HexFormat.of().parseHex(parts.group(1)));
    Map<String, String> attributes = new LinkedHashMap<>();
    List<String> words = new ArrayList<>();
    if (parts.group(2) != null) {
      read(parts.group(2), attributes, words);
    }
    if (!words.isEmpty() && attributes.containsKey("name")) {
      throw new IllegalArgumentException("name is set twice: as words and with name=");
    }
    String name = attributes.getOrDefault("name", String.join(" ", words));
    return new ApiKey(
        digest,
        new Client(
            name.isEmpty() ? nameOf(digest) : UNPRINTABLE.matcher(name).replaceAll("?"),
            scopes(attributes.get("scope")),
            limits(attributes)));
  }

  private static void read(String rest, Map<String, String> attributes, List<String> words) {
    String last = "";
    for (String word : rest.strip().split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        if (!last.isEmpty()) { // as in "name=a b" or "models=a b", of which only "a" would count
          throw new IllegalArgumentException(
              last
                  + " must not contain a space; a name with spaces is written without name=, before"
                  + " the other attributes");
        }
        words.add(word);
      } else if (!ATTRIBUTES.contains(word.substring(0, equals))) {
        throw new IllegalArgumentException(
            "expected one of name, scope, requests_per_minute, tokens_per_minute, max_in_flight"
                + " or models before '='");
      } else if (attributes.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
        throw new IllegalArgumentException(word.substring(0, equals) + " is set twice");
      } else {
        last = word.substring(0, equals);
      }
    }
  }

  private static Set<Scope> scopes(@Nullable String words) {
    return words == null ? Set.of() : Scope.parse(words);
  }

  private static ClientLimits limits(Map<String, String> attributes) {
    String models = attributes.get("models");
    List<String> names =
        models == null ? List.of() : Arrays.stream(models.split(",", -1)).distinct().toList();
    if (names.contains("")) {
      throw new IllegalArgumentException("models must be a comma-separated list of names");
    }
    return new ClientLimits(
        number(attributes, "requests_per_minute"),
        number(attributes, "tokens_per_minute"),
        number(attributes, "max_in_flight"),
        names);
  }

  private static @Nullable Integer number(Map<String, String> attributes, String name) {
    String digits = attributes.get(name);
    if (digits == null) {
      return null;
    }
    if (!digits.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(name + " must be a number from 1 to 999999999");
    }
    return Integer.valueOf(digits);
  }
}
