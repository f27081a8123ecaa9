package io.github.openaikserve.spring;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.micrometer.MicrometerListener;
import io.github.openaikserve.resilience.BalancedBackend;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers meters of calls and endpoints, if the application has a meter registry. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnProperty(prefix = "openai-kserve.metrics", name = "enabled", matchIfMissing = true)
final class MetricsConfiguration {
  @Bean
  static OpenAiKServeCustomizer openAiKServeMetrics(
      ObjectProvider<MeterRegistry> registries, ObjectProvider<ConfiguredBackends> backends) {
    return service ->
        registries.ifUnique(
            registry -> {
              var listener = new MicrometerListener(registry);
              backends.ifAvailable(configured -> watch(listener, configured.all()));
              service.listener(listener);
            });
  }

  private static void watch(MicrometerListener listener, Map<String, InferenceBackend> backends) {
    backends.forEach(
        (name, backend) -> {
          if (backend instanceof BalancedBackend balanced) {
            listener.watch(name, balanced);
          }
        });
  }
}
