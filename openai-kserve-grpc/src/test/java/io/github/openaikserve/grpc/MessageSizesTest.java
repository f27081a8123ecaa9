package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.status.CallStatus;
import io.github.openaikserve.grpc.internal.status.StatusOrigin;
import io.github.openaikserve.grpc.internal.status.TooLarge;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Too large messages are distinguished from other limits. */
final class MessageSizesTest {
  private static final int LIMIT = 1000;

  @AutoClose private final Resources resources = new Resources();

  static Stream<InferCall> calls() {
    return Stream.of(Servers.unaryCall(), Servers.streamCall());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void anAnswerOverOurLimitIs502(InferCall call) throws Exception {
    var service =
        new ScriptedService(
            (request, responses) -> {
              responses.onNext(Servers.response("x".repeat(5000)));
              responses.onCompleted();
            },
            (request, responses) -> {
              responses.onNext(Servers.chunk("x".repeat(5000)));
              responses.onCompleted();
            });

    BackendException failure = failure(Servers.start(service), call);

    assertThat(failure.backendCode()).isEqualTo(BackendCode.RESPONSE_TOO_LARGE);
    assertThat(failure.status()).isEqualTo(502);
    assertThat(failure.code()).isEqualTo("response_too_large");
    assertThat(failure).hasMessageContaining("exceeds the limit of 1000 bytes");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aRequestOverTheServersLimitIs400(InferCall call) throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(10)
            .addService(ScriptedService.streaming((request, responses) -> {}))
            .build()
            .start();

    BackendException failure = failure(server, call);

    assertThat(failure.backendCode()).isEqualTo(BackendCode.REQUEST_TOO_LARGE);
    assertThat(failure.status()).isEqualTo(400);
    assertThat(failure.code()).isEqualTo("request_too_large");
    assertThat(failure.type()).isEqualTo("invalid_request_error");
    assertThat(failure).hasMessageContaining("the model server's limit is 10");
  }

  /**
   * Source: two versions of gRPC core's message_size_filter.cc; grpc-go's rpc_util.go; grpc-java.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SERVER: DecodedMessage message larger than max (%d vs. 10)",
        "DecodedMessage message larger than max (%d vs. 10)",
        "grpc: received message larger than max (%d vs. 10)",
        "gRPC message exceeds maximum size 10: %d",
      })
  void aReportThatStatesTheRequestsSizeIsTrusted(String words) throws Exception {
    assertThat(told(words, 0).backendCode()).isEqualTo(BackendCode.REQUEST_TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SERVER: DecodedMessage message larger than max (%d vs. 10)",
        "SERVER: Sent message larger than max (%d vs. 10)",
        "gRPC message exceeds maximum size 10: %d",
        "gRPC message exceeds maximum size 1000: %d",
        "larger than max",
      })
  void aReportThatStatesAnotherSizeIsNotTrusted(String words) throws Exception {
    assertThat(told(words, 1).backendCode()).isEqualTo(BackendCode.RESOURCE_EXHAUSTED);
  }

  @Test
  void aSizeWithinTheLimitIsNotTooLarge() throws Exception {
    assertThat(told("larger than max (%d vs. 99999)", 0).backendCode())
        .isEqualTo(BackendCode.RESOURCE_EXHAUSTED);
  }

  /** Source: grpc-java's MessageDeframer reads the unsigned length of a message into an int. */
  @Test
  void aLengthAboveTwoGibibytesIsNotTakenForALimit() {
    BackendException failure =
        Objects.requireNonNull(
            TooLarge.of(
                new CallStatus(
                    Status.RESOURCE_EXHAUSTED.withDescription(
                        "gRPC message exceeds maximum size 67108864: -1"),
                    StatusOrigin.LOCAL,
                    new Metadata()),
                true,
                100));

    assertThat(failure)
        .hasMessage(
            "A response of the model server has 4294967295 bytes and exceeds the limit of 67108864"
                + " bytes.");
  }

  /** Returns the failure for a status that states the request's size plus {@code more}. */
  private BackendException told(String words, int more) throws Exception {
    var service =
        ScriptedService.streaming(
            (request, responses) ->
                responses.onError(exhausted(words, request.getSerializedSize() + more)));
    return failure(Servers.start(service), Servers.streamCall());
  }

  private static StatusRuntimeException exhausted(String words, int size) {
    return Status.RESOURCE_EXHAUSTED
        .withDescription(words.replace("%d", String.valueOf(size)))
        .asRuntimeException();
  }

  private BackendException failure(Server server, InferCall call) throws Exception {
    resources.add(server);
    GrpcBackend backend =
        resources.add(
            GrpcBackend.builder().target(Servers.target(server)).maxMessageSize(LIMIT).build());
    return (BackendException) Recorder.of(backend.infer(call)).failure();
  }
}
