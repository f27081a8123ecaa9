package io.github.openaikserve.server.limits;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one client. Immutable.
 *
 * @param requestsPerMinute the requests that may begin in a minute; null for no limit
 * @param tokensPerMinute the tokens of prompts and answers in a minute; null for no limit
 * @param maxInFlight the requests whose answers may be unfinished at one time; null for no limit
 * @param models the names of the models that may be used, or beginnings of names that end with
 *     {@code *}; empty for all
 */
public record ClientLimits(
    @Nullable Integer requestsPerMinute,
    @Nullable Integer tokensPerMinute,
    @Nullable Integer maxInFlight,
    Set<String> models) {
  /** No limit. */
  public static final ClientLimits NONE = new ClientLimits(null, null, null, Set.of());

  /**
   * Copies the set.
   *
   * @throws IllegalArgumentException if a limit is not positive
   */
  public ClientLimits {
    check("requests_per_minute", requestsPerMinute);
    check("tokens_per_minute", tokensPerMinute);
    check("max_in_flight", maxInFlight);
    models = Set.copyOf(models);
  }

  private static void check(String name, @Nullable Integer limit) {
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException(name + " must be positive, was " + limit);
    }
  }

  /** Returns these limits, with those of {@code defaults} where this has none. */
  public ClientLimits orElse(ClientLimits defaults) {
    return new ClientLimits(
        requestsPerMinute == null ? defaults.requestsPerMinute : requestsPerMinute,
        tokensPerMinute == null ? defaults.tokensPerMinute : tokensPerMinute,
        maxInFlight == null ? defaults.maxInFlight : maxInFlight,
        models.isEmpty() ? defaults.models : models);
  }

  /** Returns whether a model may be used, by the name in the request. */
  public boolean allows(String model) {
    return models.isEmpty()
        || models.contains(model)
        || models.stream().anyMatch(name -> isBeginning(name, model));
  }

  private static boolean isBeginning(String pattern, String model) {
    return pattern.endsWith("*") && model.startsWith(pattern.substring(0, pattern.length() - 1));
  }
}
