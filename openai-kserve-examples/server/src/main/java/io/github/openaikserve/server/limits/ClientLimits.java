package io.github.openaikserve.server.limits;

import io.github.openaikserve.server.options.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one client. Immutable.
 *
 * @param requestsPerMinute the maximum number of requests per minute; null for no limit
 * @param tokensPerMinute the maximum number of tokens of prompts and answers per minute; null for
 *     no limit
 * @param maxInFlight the maximum number of concurrent requests; null for no limit
 * @param models the names of the models that the client may use; a name that ends with {@code *} is
 *     a prefix; empty for all models
 */
public record ClientLimits(
    @Setting(value = "Maximum number of requests per minute.", unset = "no limit")
        @Nullable Integer requestsPerMinute,
    @Setting(
            value = "Maximum number of tokens of prompts and answers per minute.",
            unset = "no limit")
        @Nullable Integer tokensPerMinute,
    @Setting(value = "Maximum number of concurrent requests.", unset = "no limit")
        @Nullable Integer maxInFlight,
    @Setting(
            value = "Names of the models that the client may use; `llama-*` allows a prefix.",
            unset = "all")
        List<String> models) {
  /** No limits. */
  public static final ClientLimits NONE = new ClientLimits(null, null, null, List.of());

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if a limit is not positive
   */
  public ClientLimits {
    check("requests_per_minute", requestsPerMinute);
    check("tokens_per_minute", tokensPerMinute);
    check("max_in_flight", maxInFlight);
    models = List.copyOf(models);
  }

  private static void check(String name, @Nullable Integer limit) {
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException(name + " must be positive, found " + limit);
    }
  }

  /** Returns these limits, with those of {@code defaults} for the ones that are not set. */
  public ClientLimits orElse(ClientLimits defaults) {
    return new ClientLimits(
        requestsPerMinute == null ? defaults.requestsPerMinute : requestsPerMinute,
        tokensPerMinute == null ? defaults.tokensPerMinute : tokensPerMinute,
        maxInFlight == null ? defaults.maxInFlight : maxInFlight,
        models.isEmpty() ? defaults.models : models);
  }

  /** Returns whether the client may use the model with this name. */
  public boolean allows(String model) {
    return models.isEmpty()
        || models.contains(model)
        || models.stream().anyMatch(name -> isBeginning(name, model));
  }

  private static boolean isBeginning(String pattern, String model) {
    return pattern.endsWith("*") && model.startsWith(pattern.substring(0, pattern.length() - 1));
  }
}
