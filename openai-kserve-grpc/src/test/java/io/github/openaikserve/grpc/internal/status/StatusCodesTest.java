package io.github.openaikserve.grpc.internal.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class StatusCodesTest {
  private static final Map<Status.Code, Integer> STATUSES =
      Map.ofEntries(
          Map.entry(Status.Code.INVALID_ARGUMENT, 400),
          Map.entry(Status.Code.FAILED_PRECONDITION, 400),
          Map.entry(Status.Code.OUT_OF_RANGE, 400),
          Map.entry(Status.Code.UNIMPLEMENTED, 400),
          Map.entry(Status.Code.UNAUTHENTICATED, 502),
          Map.entry(Status.Code.PERMISSION_DENIED, 502),
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
    for (boolean fromServer : new boolean[] {true, false}) {
      BackendException exception =
          StatusCodes.exception(code.toStatus().withDescription("why"), fromServer);

      assertThat(exception.backendCode()).isEqualTo(BackendCode.valueOf(code.name()));
      assertThat(exception.status()).isEqualTo(STATUSES.get(code));
      assertThat(exception.code())
          .isEqualTo(
              code == Status.Code.NOT_FOUND
                  ? "model_not_found"
                  : code.name().toLowerCase(java.util.Locale.ROOT));
      assertThat(exception.saidByServer()).isEqualTo(fromServer);
    }
  }

  /** The status that Netty reports for a connection that closes while a call is written. */
  @Test
  void aConnectionThatIsClosedBeforeTheCallIsSentIsUnreachable() {
    Status closed =
        Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException());
    var none = new Metadata();

    BackendException failure =
        new CallStatus(closed, StatusOrigin.of(closed, none, false), none).failure();

    assertThat(failure.backendCode()).isEqualTo(BackendCode.UNAVAILABLE);
    assertThat(failure.saidByServer()).isFalse();
    assertThat(failure).hasMessage("The model server could not be reached: connection lost.");
  }

  @Test
  void theServersDescriptionIsShownAsOneShortLine() {
    assertThat(
            StatusCodes.exception(
                Status.NOT_FOUND.withDescription("Model 'nope' not found\nmore\u0007"), true))
        .hasMessage("The model server answered NOT_FOUND: Model 'nope' not found");
    assertThat(
            StatusCodes.exception(Status.INTERNAL.withDescription("x".repeat(5000)), true)
                .getMessage()
                .length())
        .isLessThan(400);
  }

  @Test
  void unavailableFromTheServerKeepsItsDescriptionAndFromTheChannelStatesTheReason() {
    Status status = Status.UNAVAILABLE.withDescription("unhealthy vLLM engine");

    assertThat(StatusCodes.exception(status, true))
        .hasMessage("The model server answered UNAVAILABLE: unhealthy vLLM engine");
    assertThat(StatusCodes.exception(status, false))
        .hasMessage("The model server could not be reached.");
  }

  static Stream<Arguments> reasons() {
    return Stream.of(
        Arguments.of(
            new ConnectException("Connection refused: gpu-2/10.0.0.7:8001"),
            ": connection refused."),
        Arguments.of(
            new ConnectException("connection timed out after 20000 ms: gpu-2/10.0.0.7:8001"),
            ": connection timed out."),
        Arguments.of(new UnknownHostException("gpu-2"), ": unknown host."),
        Arguments.of(new NoRouteToHostException("gpu-2"), ": no route to host."),
        Arguments.of(
            new RuntimeException("gpu-2", new SSLHandshakeException("gpu-2")),
            ": TLS handshake failed."),
        Arguments.of(new IOException("gpu-2"), "."));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void theReasonOfAFailedConnectionContainsNoHost(Exception cause, String reason) {
    assertThat(StatusCodes.exception(Status.UNAVAILABLE.withCause(cause), false))
        .hasMessage("The model server could not be reached" + reason)
        .hasRootCause(cause.getCause() == null ? cause : cause.getCause());
  }

  @Test
  void aFailureOfTheChannelIsNotAttributedToTheServerAndShowsOnlyGrpcsFirstLine() {
    assertThat(
            StatusCodes.exception(
                Status.INTERNAL.withDescription("HTTP status code 500\n<html>gpu-2</html>"), false))
        .hasMessage("The call to the model server failed: INTERNAL (HTTP status code 500).");
  }

  @Test
  void aTracebackShowsAtMostItsLastLine() {
    assertThat(StatusCodes.errorMessage("Traceback (most recent call last):\n  File \"x.py\""))
        .hasMessage("The model server reported an error.")
        .returns(true, BackendException::saidByServer);
    assertThat(
            StatusCodes.errorMessage(
                "Traceback (most recent call last):\n  File \"x.py\"\nTritonModelException: oom"))
        .hasMessage("The model server reported an error: TritonModelException: oom");
  }
}
