package io.github.openaikserve.spring;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Routes of a reactive application. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(RouterFunction.class)
@ConditionalOnProperty(prefix = "openai-kserve.routes", name = "enabled")
final class WebFluxRoutesConfiguration {
  @Bean
  static RouterFunction<ServerResponse> openAiKServeRoutes(
      DrainableHandler openAiKServeHandler, OpenAiKServeProperties properties) {
    OpenAiKServeProperties.Routes routes = properties.routes();
    var exchange = new WebFluxExchange(openAiKServeHandler, routes);
    return RouterFunctions.route(
        RequestPredicates.path(routes.pathPrefix() + "/v1/**"), exchange::answer);
  }
}
