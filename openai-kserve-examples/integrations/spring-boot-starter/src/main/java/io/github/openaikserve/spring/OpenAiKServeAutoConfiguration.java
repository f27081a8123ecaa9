package io.github.openaikserve.spring;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.observation.CallListener;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ResourceLoader;

/**
 * Auto-configuration of an {@link OpenAiKServe} from {@link OpenAiKServeProperties}, with meters,
 * observations, health, routes and graceful shutdown.
 *
 * <p>It uses these beans of the application: {@link InferenceBackend}s, to which models refer by
 * bean name; {@link CallListener}s; and {@link OpenAiKServeCustomizer}s. If the application defines
 * an {@link OpenAiKServe}, that one is used, with health, routes and graceful shutdown.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
    })
@ConditionalOnProperty(prefix = "openai-kserve", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(OpenAiKServeProperties.class)
@Import({
  MetricsConfiguration.class,
  ObservationConfiguration.class,
  Boot3HealthConfiguration.class,
  Boot4HealthConfiguration.class,
  ServletRoutesConfiguration.class,
  WebFluxRoutesConfiguration.class
})
public final class OpenAiKServeAutoConfiguration {
  /** Used by Spring. */
  public OpenAiKServeAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(OpenAiKServe.class)
  static ConfiguredBackends openAiKServeBackends(
      OpenAiKServeProperties properties, Map<String, InferenceBackend> beans) {
    return new ConfiguredBackends(properties.backends(), beans);
  }

  @Bean
  @ConditionalOnMissingBean
  static OpenAiKServe openAiKServe(
      OpenAiKServeProperties properties,
      ConfiguredBackends openAiKServeBackends,
      ResourceLoader resources,
      ObjectProvider<CallListener> listeners,
      ObjectProvider<OpenAiKServeCustomizer> customizers) {
    OpenAiKServe.Builder service =
        new ServiceFactory(properties, openAiKServeBackends, resources).builder();
    listeners.orderedStream().forEach(service::listener);
    customizers.orderedStream().forEach(customizer -> customizer.customize(service));
    try {
      return service.build();
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "openai-kserve: %s. Set openai-kserve.models.NAME, or openai-kserve.enabled=false."
              .formatted(e.getMessage()),
          e);
    }
  }

  @Bean
  static DrainableHandler openAiKServeHandler(OpenAiKServe openai) {
    return new DrainableHandler(openai.httpHandler());
  }

  @Bean
  static ServiceDrain openAiKServeDrain(OpenAiKServe openai, DrainableHandler openAiKServeHandler) {
    return new ServiceDrain(openai, openAiKServeHandler);
  }
}
