package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.internal.GrpcUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeLimitTest {
  @ParameterizedTest
  @CsvSource({
    "PT0.000000001S, 1n",
    "PT0.099999999S, 99999999n",
    "PT0.1S, 100000u",
    "PT77.5S, 77500000u",
    "PT10M, 600000m",
    "P30D, 2592000S",
    "P36500D, 52560000M",
    "PT0.100000001S, 100001u",
    "P106751D, 2562024H"
  })
  void hasAtMostEightDigitsAndTheFinestUnitThatTheyAllow(Duration limit, String text) {
    assertThat(TimeLimit.text(limit)).isEqualTo(text);
  }

  @Test
  void neverRunsOver() {
    assertThat(TimeLimit.text(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo("2562048H");
  }

  @ParameterizedTest
  @CsvSource({"PT0.05S", "PT77.5S", "PT10M", "P30D"})
  void isReadByGrpc(Duration limit) {
    var headers = new Metadata();
    var time = new TimeLimit(limit);
    time.start(() -> {});
    time.addTo(headers);
    time.stop();

    assertThat(headers.get(GrpcUtil.TIMEOUT_KEY)).isBetween(limit.toNanos() / 2, limit.toNanos());
    assertThat(TimeLimit.text(limit).getBytes(StandardCharsets.US_ASCII)).hasSizeBetween(2, 9);
  }
}
