package io.github.openaikserve.server.limits;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * The owner of an API key. Immutable.
 *
 * @param name the name in metrics, logs and the status; never the key. Keys with the same name
 *     share their limits.
 * @param scopes the permissions in addition to requests for models
 */
public record Client(String name, Set<Scope> scopes, ClientLimits limits) {
  /** The client of all requests if the server has no keys. */
  public static final Client ANONYMOUS = new Client("anonymous", Set.of(), ClientLimits.NONE);

  /** Copies the set. */
  public Client {
    scopes = Set.copyOf(scopes);
  }

  /** A permission of a key in addition to requests for models. */
  public enum Scope {
    /** Permission to read the status and the metrics of the server. */
    OPERATOR("operator", "read the status and the metrics of the server"),
    /** Permission to load and unload models. */
    MODELS("models", "load and unload models");

    private final String value;
    private final String use;

    Scope(String value, String use) {
      this.value = value;
      this.use = use;
    }

    /** Returns the value in an API key file. */
    public String value() {
      return value;
    }

    /** Returns what the scope permits, as a verb phrase for error messages. */
    public String use() {
      return use;
    }

    /**
     * Parses comma-separated scopes.
     *
     * @throws IllegalArgumentException if one of them is not a scope
     */
    public static Set<Scope> parse(String words) {
      Set<Scope> scopes = EnumSet.noneOf(Scope.class);
      for (String word : words.split(",", -1)) {
        scopes.add(
            Arrays.stream(values())
                .filter(scope -> scope.value.equals(word))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "scope must be operator, models or operator,models")));
      }
      return scopes;
    }
  }
}
