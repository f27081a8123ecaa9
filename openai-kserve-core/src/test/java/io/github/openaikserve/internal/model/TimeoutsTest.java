package io.github.openaikserve.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.RequestOptions;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ManualScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeoutsTest {
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S"})
  void aTimeoutIsPositive(Duration timeout) {
    assertThatThrownBy(() -> Timeouts.check(timeout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a timeout must be positive, was " + timeout);
    assertThatCode(() -> Timeouts.check(null)).doesNotThrowAnyException();
  }

  @Test
  void theLongestTimeoutCanBeAddedToATimeInNanoseconds() {
    var timeouts = new Timeouts(LONGEST, LONGEST, LONGEST).totalAtMost(LONGEST);

    assertThat(timeouts.total()).isLessThan(Duration.ofNanos(Long.MAX_VALUE / 2));
    assertThat(timeouts.firstToken()).isEqualTo(timeouts.total());
    assertThat(timeouts.interToken()).isEqualTo(timeouts.total());
  }

  @Test
  void aCallWithTheLongestTimeoutsIsAnswered() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("Hi"))
            .scheduler(new ManualScheduler())
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .timeout(LONGEST)
                        .firstTokenTimeout(LONGEST)
                        .interTokenTimeout(LONGEST))
            .build();
    var options =
        RequestOptions.builder()
            .timeout(LONGEST)
            .firstTokenTimeout(LONGEST)
            .interTokenTimeout(LONGEST)
            .build();
    var request = CreateCompletionRequest.builder().prompt("p").build();

    assertThat(openai.with(options).completions().create(request).text()).isEqualTo("Hi");
    assertThat(openai.with(options).completions().stream(request)).isNotEmpty();
  }
}
