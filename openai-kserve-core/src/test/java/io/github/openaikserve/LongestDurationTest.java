package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.httpclient.InProcessHttpClient;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.resilience.HealthCheckPolicy;
import io.github.openaikserve.resilience.RetryPolicy;
import io.github.openaikserve.store.JdbcResponseStore;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import io.github.openaikserve.testing.ScriptedResponse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The longest duration is refused when it is set, or it works; it never overflows. */
final class LongestDurationTest {
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  @ParameterizedTest(name = "{0}")
  @MethodSource("setters")
  void aSetterAcceptsItOrSaysWhyNot(String name, Supplier<Object> newBuilder, Method setter) {
    Object builder = newBuilder.get();
    Throwable failure =
        catchThrowable(
            () -> {
              invoke(builder, setter, LONGEST);
              for (Method build : builder.getClass().getMethods()) {
                if (build.getName().equals("build")) {
                  invoke(builder, build);
                }
              }
            });

    if (failure != null) {
      assertThat(failure)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(setter.getName())
          .hasMessageContaining(LONGEST.toString());
    }
  }

  @Test
  void noBuilderIsForgotten() throws Exception {
    List<Class<?>> known = builders().<Class<?>>map(builder -> builder.get().getClass()).toList();
    Path classes =
        Path.of(OpenAiKServe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> names;
    try (Stream<Path> files = Files.walk(classes)) {
      names =
          files
              .map(file -> classes.relativize(file).toString())
              .filter(file -> file.endsWith("Builder.class"))
              .map(file -> file.replace(".class", "").replaceAll("[/\\\\]", "."))
              .toList();
    }

    assertThat(names).isNotEmpty();
    for (String name : names) {
      Class<?> type = Class.forName(name);
      if (setters(type).findAny().isPresent()) {
        assertThat(known).contains(type);
      }
    }
  }

  @Test
  void aCallWithTheLongestLimitsEnds() throws Exception {
    OpenAiKServe openai =
        openai(
                model ->
                    model
                        .maxConcurrentChoices(1)
                        .timeout(LONGEST)
                        .firstTokenTimeout(LONGEST)
                        .interTokenTimeout(LONGEST))
            .keepAlive(LONGEST)
            .build();
    RequestOptions options =
        RequestOptions.builder().timeout(LONGEST).firstTokenTimeout(LONGEST).build();

    assertThat(
            openai
                .with(options)
                .completions()
                .createAsync(CreateCompletionRequest.builder().prompt("p").build())
                .get(10, TimeUnit.SECONDS)
                .text())
        .isEqualTo("ab");
  }

  static Stream<Duration> longInterTokenTimeouts() {
    return Stream.of(Duration.ofDays(36_600), Duration.ofNanos(Long.MAX_VALUE), LONGEST);
  }

  @ParameterizedTest
  @MethodSource("longInterTokenTimeouts")
  void aLongerLimitDoesNotReplaceTheTotalLimit(Duration interToken) {
    var time = new ManualScheduler();
    var token = InferResponse.of(Tensor.text("token", "a"));
    ScriptedResponse late =
        ScriptedResponse.of(List.of(token)).every(Duration.ofSeconds(1)).thenHangs();
    var openai =
        OpenAiKServe.builder(FakeBackend.answering(call -> late).scheduler(time))
            .scheduler(time)
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .timeout(Duration.ofSeconds(10))
                        .interTokenTimeout(interToken))
            .build();

    var answer = openai.completions().createAsync(request -> request.prompt("p"));
    time.advance(Duration.ofSeconds(10).minusNanos(1));
    assertThat(answer).isNotDone();
    time.advance(Duration.ofNanos(1));

    assertThat(answer).isCompletedExceptionally();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void aFakeReplyCanBeDelayedByIt() {
    var openai =
        OpenAiKServe.builder(
                FakeBackend.answering(call -> ScriptedResponse.of(List.of()).every(LONGEST)))
            .model("m", Dialects.ANYSERVE)
            .build();

    var answer = openai.completions().createAsync(request -> request.prompt("p"));

    assertThat(answer).isNotDone();
    answer.cancel(true);
  }

  @Test
  void aManualSchedulerSchedulesItAndReachesIt() {
    var time = new ManualScheduler();
    var ran = new AtomicReference<Boolean>(false);
    time.advance(Duration.ofSeconds(1));

    time.schedule(LONGEST, () -> ran.set(true));
    time.advance(Duration.ofDays(10_000));
    assertThat(ran).hasValue(false);
    time.advance(LONGEST);

    assertThat(ran).hasValue(true);
  }

  static Stream<Arguments> setters() {
    return builders()
        .flatMap(
            builder -> {
              Class<?> type = builder.get().getClass();
              String name = type.getName().replaceAll(".*\\.", "");
              return setters(type)
                  .map(setter -> Arguments.of(name + "." + setter.getName(), builder, setter));
            });
  }

  private static Stream<Supplier<Object>> builders() {
    return Stream.of(
        () -> openai(model -> {}),
        LongestDurationTest::model,
        RequestOptions::builder,
        () -> ConcurrencyLimit.builder().max(1),
        CircuitBreakerPolicy::builder,
        HealthCheckPolicy::builder,
        RetryPolicy::builder,
        MemoryResponseStore::builder,
        () -> JdbcResponseStore.builder(new JdbcDataSource()),
        () -> InProcessHttpClient.newBuilder(openai(model -> {}).build().httpHandler()));
  }

  private static OpenAiKServe.Builder openai(Consumer<ModelBuilder> model) {
    return OpenAiKServe.builder(FakeBackend.tokens("a", "b"))
        .model(
            "m",
            each -> {
              each.dialect(Dialects.ANYSERVE);
              model.accept(each);
            });
  }

  private static ModelBuilder model() {
    var model = new AtomicReference<@Nullable ModelBuilder>();
    openai(model::set);
    return Objects.requireNonNull(model.get());
  }

  private static Stream<Method> setters(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(
            method -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {Duration.class}));
  }

  private static void invoke(Object target, Method method, Object... arguments) throws Throwable {
    try {
      method.setAccessible(true); // a builder behind an interface of the JDK
      method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
