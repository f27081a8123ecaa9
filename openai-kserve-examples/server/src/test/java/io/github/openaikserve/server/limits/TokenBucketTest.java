package io.github.openaikserve.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenBucketTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void theBucketRefillsEvenlyUntilItIsFull() {
    var bucket = new TokenBucket(60, 0);
    bucket.take(60, 0);

    assertThat(bucket.has(1, SECOND - 1_000_000)).isFalse();
    assertThat(bucket.has(1, SECOND)).isTrue();
    assertThat(bucket.state(30 * SECOND).remaining()).isEqualTo(30);
    assertThat(bucket.state(30 * SECOND).untilFull()).isEqualTo(Duration.ofSeconds(30));
    assertThat(bucket.state(3600 * SECOND).remaining()).isEqualTo(60);
  }

  @Test
  void aNegativeLevelIsRefilledBeforeTokensCanBeTaken() {
    var bucket = new TokenBucket(60, 0);
    bucket.take(90, 0);

    assertThat(bucket.state(0).remaining()).isZero();
    assertThat(bucket.until(1, 0)).isEqualTo(Duration.ofSeconds(31));
    assertThat(bucket.has(1, 31 * SECOND)).isTrue();
  }

  @Test
  void returnedTokensDoNotOverflowTheBucket() {
    var bucket = new TokenBucket(10, 0);
    bucket.take(-5, 0);

    assertThat(bucket.state(0).remaining()).isEqualTo(10);
  }

  @Test
  void anEarlierClockValueDoesNotDrainTheBucket() {
    var bucket = new TokenBucket(60, 0);
    bucket.take(60, 0);

    assertThat(bucket.has(10, 10 * SECOND)).isTrue();
    assertThat(bucket.has(10, 5 * SECOND)).isTrue();
    assertThat(bucket.state(10 * SECOND).remaining()).isEqualTo(10);
  }

  @Test
  void theLowestRateIsExact() {
    var bucket = new TokenBucket(1, 0);
    bucket.take(1, 0);
    long now = 0;
    for (int millis = 0; millis < 60_000; millis += 7) { // sums of many small fractions
      now = Duration.ofMillis(millis).toNanos();
      assertThat(bucket.has(1, now)).isFalse();
    }
    assertThat(bucket.has(1, 60 * SECOND)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.012S, 12ms",
    "PT0.001S, 1ms",
    "PT1S, 1s",
    "PT1.5S, 1.5s",
    "PT8.64S, 8.64s",
    "PT6M, 6m0s",
    "PT1M1.02S, 1m1.02s",
    "PT59.999S, 59.999s"
  })
  void durationsHaveOpenAisFormat(Duration time, String text) {
    assertThat(RateState.text(time)).isEqualTo(text);
  }
}
