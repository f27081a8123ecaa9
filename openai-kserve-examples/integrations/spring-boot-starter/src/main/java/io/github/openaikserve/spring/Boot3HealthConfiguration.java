package io.github.openaikserve.spring;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health indicator of Spring Boot 3. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
@ConditionalOnProperty(
    prefix = "management.health.openai-kserve",
    name = "enabled",
    matchIfMissing = true)
final class Boot3HealthConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "openaiKserveHealthIndicator")
  static HealthIndicator openaiKserveHealthIndicator(DrainableHandler openAiKServeHandler) {
    var probe = new ReadinessProbe(openAiKServeHandler);
    return () -> {
      ReadinessProbe.Result result = probe.ask();
      return (result.ready() ? Health.up() : Health.outOfService())
          .withDetails(result.details())
          .build();
    };
  }
}
