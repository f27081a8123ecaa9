package io.github.openaikserve.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.testserver.KServeTestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** A started application, without a line of code for the service, over a scripted model server. */
final class RunningApplication implements AutoCloseable {
  private static final List<String> NETTY =
      List.of(
          "org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory",
          "org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory");

  /** The application of a user. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  final KServeTestServer model = KServeTestServer.start();
  final ConfigurableApplicationContext context;
  private final String url;

  RunningApplication(WebApplicationType type, String... properties) {
    var application = new SpringApplication(Application.class);
    application.setWebApplicationType(type);
    if (type == WebApplicationType.REACTIVE) {
      application.addInitializers(RunningApplication::useNetty);
    }
    List<String> all = new ArrayList<>(List.of(properties));
    all.add("--server.port=0");
    all.add("--spring.main.banner-mode=off");
    all.add("--openai-kserve.backends.gpu.target=" + model.target());
    all.add("--openai-kserve.models.llama.dialect=anyserve");
    all.add("--openai-kserve.models.llama.template=chatml");
    all.add("--openai-kserve.routes.enabled=true");
    context = application.run(all.toArray(String[]::new));
    url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  /** The class path has Tomcat too, which Boot would prefer. Its class moved in Boot 4. */
  @SuppressWarnings("unchecked")
  private static void useNetty(ConfigurableApplicationContext context) {
    for (String name : NETTY) {
      try {
        var factory = (Class<Object>) Class.forName(name);
        ((GenericApplicationContext) context).registerBean("netty", factory);
        return;
      } catch (ClassNotFoundException e) {
        // the other version of Boot
      }
    }
    throw new AssertionError("no factory of Netty servers");
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("content-type", "application/json");
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    context.close();
    assertThat(context.isActive()).isFalse();
    model.close();
  }
}
