package io.github.openaikserve.spring;

import io.github.openaikserve.OpenAiKServe;

/**
 * A bean that configures the service before it is built, for settings without a property, such as
 * routes, stores and hooks. Customizers run in the order of their beans, after the properties are
 * applied.
 */
@FunctionalInterface
public interface OpenAiKServeCustomizer {
  /** Configures the builder of the service. */
  void customize(OpenAiKServe.Builder service);
}
