package io.github.openaikserve.spring;

import io.github.openaikserve.OpenAiKServe;

/**
 * A bean that changes the service before it is built: what has no property, such as routes, stores
 * and hooks. Customizers run in the order of their beans, after the properties.
 */
@FunctionalInterface
public interface OpenAiKServeCustomizer {
  /** Changes the builder. */
  void customize(OpenAiKServe.Builder service);
}
