package io.github.openaikserve.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testserver.KServeTestServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.SenderContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;

/** What the starter makes of properties and beans. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OpenAiKServeAutoConfigurationTest {
  private final FakeBackend fake = fake();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(OpenAiKServeAutoConfiguration.class));

  private static FakeBackend fake() {
    return FakeBackend.answering(
        call ->
            call.request().input("prompt").orElseThrow().texts().get(0).contains("fail")
                ? ScriptedResponse.of(List.of())
                    .thenFails(new BackendException(BackendCode.RESOURCE_EXHAUSTED, "full"))
                : ScriptedResponse.tokens(call, "Hello", " there"));
  }

  private ApplicationContextRunner withFake() {
    return withFake(fake);
  }

  private ApplicationContextRunner withFake(FakeBackend fake) {
    return runner
        .withBean("fake", FakeBackend.class, () -> fake)
        .withPropertyValues("openai-kserve.models.m.dialect=anyserve");
  }

  private static String chat(OpenAiKServe openai) {
    return openai.chatCompletions().create(r -> r.user("Hi")).text();
  }

  @Test
  void propertiesMakeAServiceOverGrpc() {
    try (var server = KServeTestServer.start()) {
      runner
          .withPropertyValues(
              "openai-kserve.backends.gpu.target=" + server.target(),
              "openai-kserve.backends.gpu.connections=2",
              "openai-kserve.backends.gpu.timeout=20s",
              "openai-kserve.backends.gpu.max-message-size=8MB",
              "openai-kserve.backends.gpu.metadata.x-tenant=a",
              "openai-kserve.models.llama.backend=gpu",
              "openai-kserve.models.llama.dialect=anyserve",
              "openai-kserve.models.llama.template=chatml",
              "openai-kserve.models.llama.model-name=llamacpp",
              "openai-kserve.models.llama.aliases=gpt-4o,gpt-4o-mini",
              "openai-kserve.models.llama.timeout=10s",
              "openai-kserve.models.llama.first-token-timeout=9s",
              "openai-kserve.models.llama.inter-token-timeout=8s",
              "openai-kserve.models.llama.max-concurrent-calls=4",
              "openai-kserve.models.llama.defaults.max_tokens=7",
              "openai-kserve.forward-headers=x-user",
              "openai-kserve.default-model=gpt-4o")
          .run(
              context -> {
                assertThat(chat(context.getBean(OpenAiKServe.class))).isEqualTo("Hello");
                InferCall call = server.calls().get(0);
                assertThat(call.request().input("prompt").orElseThrow().texts().get(0))
                    .contains("<|im_start|>user\nHi");
                assertThat(call.request().input("max_tokens").orElseThrow().ints())
                    .containsExactly(7);
                assertThat(call.metadata()).containsEntry("x-tenant", "a");
              });
    }
  }

  @Test
  void aDialectThatIsNotNamedIsDetected() {
    withFake()
        .withPropertyValues("openai-kserve.models.other.template=plain")
        .run(
            context ->
                assertThatExceptionOfType(OpenAiException.class)
                    .isThrownBy(
                        () ->
                            context
                                .getBean(OpenAiKServe.class)
                                .completions()
                                .create(r -> r.model("other").prompt("p")))
                    .satisfies(e -> assertThat(e.status()).isNotEqualTo(404)));
  }

  @Test
  void listedModelsAreDiscovered() {
    runner
        .withBean("fake", FakeBackend.class, () -> fake.repository("m"))
        .withPropertyValues("openai-kserve.discover=true")
        .run(context -> assertThat(context).hasSingleBean(OpenAiKServe.class));
  }

  @Test
  void templatesAreReadFromTheClassPath() {
    withFake()
        .withPropertyValues(
            "openai-kserve.models.m.template-location=classpath:templates/shout.jinja")
        .run(
            context -> {
              chat(context.getBean(OpenAiKServe.class));
              assertThat(fake.onlyRequest().input("prompt").orElseThrow().texts())
                  .containsExactly("HI!");
            });
  }

  @Test
  void beansOfTheApplicationTakePart() {
    List<String> seen = new ArrayList<>();
    CallListener listener =
        call -> {
          seen.add("listener " + call.routeId());
          return CallObserver.NONE;
        };
    OpenAiKServeCustomizer customizer = service -> service.ids(() -> "fixed");
    withFake()
        .withBean(CallListener.class, () -> listener)
        .withBean("mine", OpenAiKServeCustomizer.class, () -> customizer)
        .run(
            context -> {
              var answer =
                  context.getBean(OpenAiKServe.class).chatCompletions().create(r -> r.user("Hi"));
              assertThat(answer.id()).isEqualTo("chatcmpl-fixed");
              assertThat(seen).containsExactly("listener m");
            });
  }

  @Test
  void aServiceOfTheApplicationIsKept() {
    OpenAiKServe own = OpenAiKServe.builder(fake).model("own", Dialects.ANYSERVE).build();
    runner
        .withBean(OpenAiKServe.class, () -> own)
        .run(
            context -> {
              assertThat(context).hasSingleBean(ServiceDrain.class);
              assertThat(context.getBean(OpenAiKServe.class)).isSameAs(own);
            });
    assertThat(own.isShutdown()).isTrue();
  }

  @Test
  void nothingIsConfiguredWhenItIsOff() {
    withFake()
        .withPropertyValues("openai-kserve.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(OpenAiKServe.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openai-kserve.models.m.dialect=x | openai-kserve.models.m.dialect: unknown name 'x'",
        "openai-kserve.models.m.embeddings=x | openai-kserve.models.m.embeddings: unknown name 'x'",
        "openai-kserve.models.m.template=x | openai-kserve.models.m.template: unknown name 'x'",
        "openai-kserve.models.m.backend=x | openai-kserve.models.m.backend: no backend 'x'",
        "openai-kserve.models.m.template-location=classpath:x.jinja | template-location: cannot read",
        "openai-kserve.backends.b.target=nowhere | openai-kserve.backends.b: ",
        "openai-kserve.backends.fake.target=h:1 | a bean with this name already exists",
        "openai-kserve.default-model=x | Set openai-kserve.models.NAME",
      })
  void whatIsWrongIsNamed(String property, String message) {
    withFake()
        .withPropertyValues(property)
        .run(context -> assertThat(messages(context.getStartupFailure())).contains(message));
  }

  private static String messages(@Nullable Throwable failure) {
    var messages = new StringBuilder();
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.append(cause.getMessage()).append('\n');
    }
    return messages.toString();
  }

  @Test
  void aServiceWithoutModelsNamesThePropertyToSet() {
    runner.run(
        context ->
            assertThat(messages(context.getStartupFailure()))
                .contains("Set openai-kserve.models.NAME, or openai-kserve.enabled=false."));
  }

  @Test
  void callsAreMeasuredWhereThereIsARegistry() {
    var registry = new SimpleMeterRegistry();
    withFake()
        .withBean(MeterRegistry.class, () -> registry)
        .run(context -> chat(context.getBean(OpenAiKServe.class)));
    assertThat(registry.getMeters()).isNotEmpty();

    var unused = new SimpleMeterRegistry();
    withFake(fake()) // the context has closed the other one
        .withBean(MeterRegistry.class, () -> unused)
        .withPropertyValues("openai-kserve.metrics.enabled=false")
        .run(context -> chat(context.getBean(OpenAiKServe.class)));
    assertThat(unused.getMeters()).isEmpty();
  }

  @Test
  void callsAreObservedWhereThereIsARegistry() {
    var seen = new CopyOnWriteArrayList<Map<String, String>>();
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(new Recorder(seen));
    withFake()
        .withBean(ObservationRegistry.class, () -> registry)
        .run(
            context -> {
              OpenAiKServe openai = context.getBean(OpenAiKServe.class);
              chat(openai);
              assertThatExceptionOfType(OpenAiException.class)
                  .isThrownBy(() -> openai.completions().create(r -> r.prompt("fail")));
            });

    assertThat(seen).hasSize(2);
    assertThat(seen.get(0))
        .containsEntry("gen_ai.operation.name", "chat")
        .containsEntry("gen_ai.request.model", "m")
        .containsEntry("error.type", "none")
        .containsKey("gen_ai.usage.output_tokens");
    assertThat(seen.get(1)).containsEntry("error.type", "resource_exhausted");
    assertThat(fake.calls().get(0).metadata()).containsEntry("traceparent", "00-1-2-01");
  }

  @Test
  void theDrainIsBetweenTheWebServersPhases() {
    assertThat(ServiceDrain.PHASE)
        .isLessThan(SmartLifecycle.DEFAULT_PHASE - 1024)
        .isGreaterThan(SmartLifecycle.DEFAULT_PHASE - 2048);
  }

  /** Keeps the key values of observations that have ended. */
  private record Recorder(List<Map<String, String>> seen)
      implements ObservationHandler<Observation.Context> {
    @Override
    public boolean supportsContext(Observation.Context context) {
      return ObservationListener.NAME.equals(context.getName());
    }

    /** As a tracer does. */
    @Override
    @SuppressWarnings("unchecked")
    public void onStart(Observation.Context context) {
      var sender = (SenderContext<Object>) context;
      sender.getSetter().set(sender.getCarrier(), "Traceparent", "00-1-2-01");
    }

    @Override
    public void onStop(Observation.Context context) {
      var values = new HashMap<String, String>();
      context.getAllKeyValues().forEach(pair -> values.put(pair.getKey(), pair.getValue()));
      seen.add(values);
    }
  }
}
