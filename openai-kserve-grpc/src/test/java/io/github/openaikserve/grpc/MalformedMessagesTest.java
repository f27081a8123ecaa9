package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Malformed messages of a server are reported as its error and not as a cancellation. */
final class MalformedMessagesTest {
  private static final int LIMIT = 1000;
  private static final byte[] NO_PROTOBUF =
      "\u0007<html>secret</html>".getBytes(StandardCharsets.UTF_8);

  @AutoClose private final Resources resources = new Resources();

  /** The two kinds of call, as an enum with readable names. */
  enum Kind {
    UNARY,
    STREAM;

    InferCall call() {
      return this == UNARY ? Servers.unaryCall() : Servers.streamCall();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMessageThatIsNotProtobufIsAnInternalError(Kind kind) throws Exception {
    BackendException failure = failure(start(NO_PROTOBUF, null), kind);

    assertThat(failure.backendCode()).isEqualTo(BackendCode.INTERNAL);
    assertThat(failure.status()).isEqualTo(502);
    assertThat(failure)
        .hasMessageContaining("a message of 20 bytes that is not a Model")
        .hasMessageContaining("begins with 07 3c 68 74 6d 6c 3e 73")
        .hasMessageNotContaining("html")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @EnumSource
  void aMessageThatCannotBeDecompressedIsAnInternalError(Kind kind) throws Exception {
    BackendException failure = failure(start(NO_PROTOBUF, new BrokenGzip()), kind);

    assertThat(failure.backendCode()).isEqualTo(BackendCode.INTERNAL);
    assertThat(failure.status()).isEqualTo(502);
    assertThat(failure).hasMessageContaining("cannot be decompressed");
  }

  @ParameterizedTest
  @EnumSource
  void aMessageThatIsTooLargeOnceDecompressedIsOverTheLimit(Kind kind) throws Exception {
    BackendException failure = failure(start(new byte[5 * LIMIT], new Codec.Gzip()), kind);

    assertThat(failure.backendCode()).isEqualTo(BackendCode.RESPONSE_TOO_LARGE);
    assertThat(failure.status()).isEqualTo(502);
    assertThat(failure).hasMessageContaining("decompressed");
  }

  private static BackendException failure(Server server, Kind kind) throws Exception {
    try (GrpcBackend backend =
        GrpcBackend.builder().target(Servers.target(server)).maxMessageSize(LIMIT).build()) {
      return (BackendException) Recorder.of(backend.infer(kind.call())).failure();
    }
  }

  /** A server that answers every call with these bytes; compressed unless {@code codec} is null. */
  private Server start(byte[] answer, @Nullable Codec codec) throws IOException {
    var compressors = CompressorRegistry.newEmptyInstance();
    if (codec != null) {
      compressors.register(codec);
    }
    return resources.add(
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .compressorRegistry(compressors)
            .addService(
                ServerServiceDefinition.builder(GRPCInferenceServiceGrpc.SERVICE_NAME)
                    .addMethod(
                        bytes(GRPCInferenceServiceGrpc.getModelInferMethod()),
                        ServerCalls.asyncUnaryCall(
                            (request, responses) -> answer(responses, answer, codec)))
                    .addMethod(
                        bytes(GRPCInferenceServiceGrpc.getModelStreamInferMethod()),
                        ServerCalls.asyncServerStreamingCall(
                            (request, responses) -> answer(responses, answer, codec)))
                    .build())
            .build()
            .start());
  }

  private static void answer(
      StreamObserver<byte[]> responses, byte[] answer, @Nullable Codec codec) {
    if (codec != null) {
      ((ServerCallStreamObserver<byte[]>) responses).setCompression(codec.getMessageEncoding());
    }
    responses.onNext(answer);
    responses.onCompleted();
  }

  private static MethodDescriptor<ModelInferRequest, byte[]> bytes(
      MethodDescriptor<ModelInferRequest, ?> method) {
    return method.toBuilder(method.getRequestMarshaller(), new Bytes()).build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }

  /** Writes gzip's header, after which nothing is compressed. */
  private static final class BrokenGzip implements Codec {
    @Override
    public String getMessageEncoding() {
      return "gzip";
    }

    @Override
    public OutputStream compress(OutputStream out) throws IOException {
      out.write(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0});
      return out;
    }

    @Override
    public InputStream decompress(InputStream in) {
      return in;
    }
  }
}
