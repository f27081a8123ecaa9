package io.github.openaikserve.server.limits;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * The owner of an API key. Immutable.
 *
 * @param name the name in metrics, logs and the status; never the key. Keys with the same name
 *     share their limits.
 * @param scopes what the client may do in addition to requests for models
 */
public record Client(String name, Set<Scope> scopes, ClientLimits limits) {
  /** The client of every request where no keys are set. */
  public static final Client ANONYMOUS = new Client("anonymous", Set.of(), ClientLimits.NONE);

  /** Copies the set. */
  public Client {
    scopes = Set.copyOf(scopes);
  }

  /** What a key may do in addition to requests for models. */
  public enum Scope {
    /** Reading the status of the server. */
    OPERATOR("operator", "read the status of the server"),
    /** Loading and unloading models. */
    MODELS("models", "load and unload models");

    private final String value;
    private final String use;

    Scope(String value, String use) {
      this.value = value;
      this.use = use;
    }

    /** Returns the word in a file of keys. */
    public String value() {
      return value;
    }

    /** Returns what a key with this scope may do, after the word "may". */
    public String use() {
      return use;
    }

    /**
     * Reads words that commas separate.
     *
     * @throws IllegalArgumentException if one of them is no scope
     */
    public static Set<Scope> parse(String words) {
      Set<Scope> scopes = EnumSet.noneOf(Scope.class);
      for (String word : words.split(",", -1)) {
        scopes.add(
            Arrays.stream(values())
                .filter(scope -> scope.value.equals(word))
                .findFirst()
                .orElseThrow(
                    () -> new IllegalArgumentException("scope must be operator, models or both")));
      }
      return scopes;
    }
  }
}
