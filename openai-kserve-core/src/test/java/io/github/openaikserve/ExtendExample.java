package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.resilience.Endpoint;
import io.github.openaikserve.resilience.EndpointSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the page on extending the library shows. */
final class ExtendExample {
  private ExtendExample() {}

  static OpenAiKServe formats(InferenceBackend backend) {
    ToolCallFormat calls = ToolCallFormat.json("acme", "<call>", "</call>").format();
    return OpenAiKServe.builder(backend)
        .model(
            "acme",
            m ->
                m.dialect(Dialects.TRITON_VLLM)
                    .chatTemplate(ChatTemplates.fromJinja(Path.of("acme.jinja")))
                    .toolCallFormat(calls))
        .build();
  }

  static EndpointSource registry(Supplier<List<Endpoint>> registry) {
    EndpointSource source =
        listener -> {
          ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
          timer.scheduleWithFixedDelay(
              () -> listener.onEndpoints(registry.get()), 0, 10, TimeUnit.SECONDS);
          return timer::shutdownNow;
        };
    return source;
  }

  static InferenceBackend transport(InferenceBackend backend, String tenant) {
    InferenceBackend withTenant =
        call -> backend.infer(call.withMetadata(Map.of("x-tenant", tenant)));
    return withTenant;
  }
}
