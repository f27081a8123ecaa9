package io.github.openaikserve.spring;

import io.github.openaikserve.servlet.OpenAiServlet;
import jakarta.servlet.Servlet;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Routes of a servlet application, as an asynchronous servlet. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Servlet.class)
@ConditionalOnProperty(prefix = "openai-kserve.routes", name = "enabled")
final class ServletRoutesConfiguration {
  @Bean
  static ServletRegistrationBean<OpenAiServlet> openAiKServeServlet(
      DrainableHandler openAiKServeHandler, OpenAiKServeProperties properties) {
    OpenAiKServeProperties.Routes routes = properties.routes();
    OpenAiServlet servlet =
        OpenAiServlet.builder(openAiKServeHandler)
            .maxBody(Math.toIntExact(routes.maxBody().toBytes()))
            .pathPrefix(routes.pathPrefix())
            .build();
    var registration = new ServletRegistrationBean<>(servlet, routes.pathPrefix() + "/v1/*");
    registration.setName("openAiKServe");
    return registration;
  }
}
