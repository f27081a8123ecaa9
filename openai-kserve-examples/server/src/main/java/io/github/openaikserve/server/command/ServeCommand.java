package io.github.openaikserve.server.command;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import io.github.openaikserve.server.http.ServerTls;
import io.github.openaikserve.server.log.ServerLog;
import io.github.openaikserve.server.options.Inputs;
import io.github.openaikserve.server.service.CurrentHandler;
import io.github.openaikserve.server.service.Metrics;
import io.github.openaikserve.server.service.MetricsHandler;
import io.github.openaikserve.server.service.Resources;
import io.github.openaikserve.server.warmup.WarmUp;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The command {@code serve}: runs the server until the process receives a signal to end. */
final class ServeCommand {
  private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(30);

  /** The maximum wait for the names of discovered models, of which the printed example uses one. */
  private static final Duration LIST_WAIT = Duration.ofSeconds(2);

  private final Duration fileCheck;

  ServeCommand(Duration fileCheck) {
    this.fileCheck = fileCheck;
  }

  int run(CommandLine command, Inputs inputs) throws IOException, InterruptedException {
    Configuration configuration = Configuration.read(inputs);
    ServerConfig config = configuration.values();
    ServerLog.format(config.server().logFormat());
    var reloader = new Reloader(inputs, configuration);
    try (var resources = new Resources()) {
      var metrics = resources.add(new Metrics());
      var handler = resources.add(new CurrentHandler(config, metrics));
      if (config.server().warmUp() > 0) {
        WarmUp.run(config.server().warmUp(), WARM_UP_LIMIT);
      }
      ReferenceServer server =
          resources.add(
              ReferenceServer.start(
                  handler, options(config.server()), metrics.http(), metrics.notes()));
      serveMetrics(config.server(), server, MetricsHandler.standalone(handler, metrics));
      resources.add(
          reloader.start(
              fileCheck,
              next -> {
                handler.replace(next);
                server.reconfigure(options(next.server()));
              }));
      // Listing also logs the models that cannot be served.
      List<String> discovered = config.discover().isEmpty() ? List.of() : listed(handler.openai());
      announce(command.getOut(), config, server.port(), discovered);
      awaitShutdown(resources, server);
    }
    return 0;
  }

  private static ServerOptions options(ListenConfig config) {
    ServerOptions.Builder builder =
        ServerOptions.builder()
            .host(config.host())
            .port(config.port())
            .maxBody(config.maxBody())
            .gracePeriod(config.gracePeriod())
            .requestTimeout(config.requestTimeout())
            .writeTimeout(config.writeTimeout())
            .shutdownDelay(config.shutdownDelay())
            .corsOrigins(config.corsOrigins())
            .maxHeaders(config.limits().headers());
    config.maxConnections().ifPresent(builder::maxConnections);
    config
        .tls()
        .map(
            tls ->
                new ServerTls(
                    tls.certificates(),
                    tls.key(),
                    tls.clientAuthorities().orElse(null),
                    tls.check()))
        .ifPresent(builder::tls);
    return builder.build();
  }

  private static void serveMetrics(
      ListenConfig config, ReferenceServer server, OpenAiHandler metrics) throws IOException {
    if (config.metrics().isEmpty()) {
      return;
    }
    try {
      server.listenAlso(
          metrics,
          ServerOptions.builder()
              .host(config.metrics().get().host())
              .port(config.metrics().get().port())
              .build());
    } catch (IOException e) {
      server.skipShutdownDelay(); // no client knows this server yet
      throw e;
    }
  }

  /** Returns the ids of the models that can be served; empty if their servers take too long. */
  private static List<String> listed(OpenAiKServe openai) {
    return openai
        .models()
        .listAsync()
        .thenApply(list -> list.data().stream().map(Model::id).toList())
        .completeOnTimeout(List.of(), LIST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private static void announce(
      PrintWriter out, ServerConfig config, int actualPort, List<String> discovered) {
    String host = config.server().host();
    String shownHost = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    String scheme = config.server().tls().isPresent() ? "https" : "http";
    String url = scheme + "://" + (shownHost.contains(":") ? "[" + shownHost + "]" : shownHost);
    url += ":" + actualPort;
    List<String> models = config.models().stream().map(ModelConfig::id).toList();
    List<String> served = new ArrayList<>();
    if (!models.isEmpty()) {
      served.add((models.size() == 1 ? "the model " : "the models ") + String.join(", ", models));
    }
    if (!config.discover().isEmpty()) {
      served.add("all discovered models");
    }
    out.println("openai-kserve listens on " + url + " and serves " + String.join(" and ", served));
    if (config.server().ui()) {
      out.println("Chat and status in a browser: " + url + "/");
    }
    out.println("Try it:");
    String example = discovered.isEmpty() ? "MODEL" : discovered.get(0);
    out.println(
        "  curl %s/v1/chat/completions%s -H 'Content-Type: application/json' -d '{%s\"messages\":%s}'"
            .formatted(
                url,
                config.needsKey() ? " -H 'Authorization: Bearer YOUR_KEY'" : "",
                models.isEmpty() ? "\"model\":\"" + example + "\"," : "",
                "[{\"role\":\"user\",\"content\":\"Hello, how are you?\"}]"));
    out.flush();
  }

  private static void awaitShutdown(Resources resources, ReferenceServer server)
      throws InterruptedException {
    var closed = new CountDownLatch(1);
    Signals.onInterrupt(server::skipShutdownDelay);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  resources.close();
                  ServerLog.close();
                  closed.countDown();
                },
                "shutdown"));
    closed.await();
  }
}
