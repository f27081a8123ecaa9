package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StatusCodesTest {
  private static final Map<Status.Code, Integer> STATUSES =
      Map.ofEntries(
          Map.entry(Status.Code.INVALID_ARGUMENT, 400),
          Map.entry(Status.Code.FAILED_PRECONDITION, 400),
          Map.entry(Status.Code.OUT_OF_RANGE, 400),
          Map.entry(Status.Code.UNIMPLEMENTED, 400),
          Map.entry(Status.Code.UNAUTHENTICATED, 401),
          Map.entry(Status.Code.PERMISSION_DENIED, 403),
          Map.entry(Status.Code.NOT_FOUND, 404),
          Map.entry(Status.Code.ABORTED, 409),
          Map.entry(Status.Code.ALREADY_EXISTS, 409),
          Map.entry(Status.Code.RESOURCE_EXHAUSTED, 429),
          Map.entry(Status.Code.UNAVAILABLE, 503),
          Map.entry(Status.Code.DEADLINE_EXCEEDED, 504),
          Map.entry(Status.Code.CANCELLED, 502),
          Map.entry(Status.Code.UNKNOWN, 502),
          Map.entry(Status.Code.INTERNAL, 502),
          Map.entry(Status.Code.DATA_LOSS, 502));

  @ParameterizedTest
  @EnumSource(value = Status.Code.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void everyCodeHasItsHttpStatus(Status.Code code) {
    BackendException exception = StatusCodes.exception(code.toStatus().withDescription("why"));

    assertThat(exception.backendCode()).isEqualTo(BackendCode.valueOf(code.name()));
    assertThat(exception.status()).isEqualTo(STATUSES.get(code));
    assertThat(exception.code()).isEqualTo(code.name().toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void aDescriptionIsShownAsOneShortLine() {
    assertThat(
            StatusCodes.exception(
                Status.NOT_FOUND.withDescription("Model 'nope' not found\nmore\u0007")))
        .hasMessage("The model server answered NOT_FOUND: Model 'nope' not found");
    assertThat(
            StatusCodes.exception(Status.INTERNAL.withDescription("x".repeat(5000)))
                .getMessage()
                .length())
        .isLessThan(400);
  }

  @Test
  void anErrorThatIsOnlyATracebackSaysNothingOfIt() {
    assertThat(StatusCodes.errorMessage("Traceback (most recent call last):\n  File \"x.py\""))
        .hasMessage("The model server reported an error.");
  }
}
