package io.github.openaikserve.spring;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers observations of calls, if the application has an observation registry. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnProperty(
    prefix = "openai-kserve.observations",
    name = "enabled",
    matchIfMissing = true)
final class ObservationConfiguration {
  @Bean
  static OpenAiKServeCustomizer openAiKServeObservations(
      ObjectProvider<ObservationRegistry> registries) {
    return service ->
        registries.ifUnique(
            registry -> {
              if (!registry.isNoop()) {
                service.listener(new ObservationListener(registry));
              }
            });
  }
}
