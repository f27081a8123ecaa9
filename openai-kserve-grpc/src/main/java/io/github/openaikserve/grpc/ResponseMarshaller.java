package io.github.openaikserve.grpc;

import com.google.protobuf.Message;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Function;

/**
 * Messages of servers to responses. Thread-safe.
 *
 * <p>What most messages of a stream look like is read straight from their bytes by {@link
 * WireReader}; all others, the malformed ones among them, are read by the generated classes.
 */
final class ResponseMarshaller<M extends Message> implements MethodDescriptor.Marshaller<Received> {
  private final MethodDescriptor.Marshaller<M> generated;
  private final Function<M, InferResponse> decode;
  private final boolean enveloped;
  private final KnownNames names = new KnownNames();

  private ResponseMarshaller(M message, Function<M, InferResponse> decode, boolean enveloped) {
    this.generated = ProtoUtils.marshaller(message);
    this.decode = decode;
    this.enveloped = enveloped;
  }

  /** Responses by themselves. */
  static MethodDescriptor.Marshaller<Received> bare() {
    return new ResponseMarshaller<>(
        ModelInferResponse.getDefaultInstance(), InferCodec::decode, false);
  }

  /** Responses or errors, each in a message of a stream. */
  static MethodDescriptor.Marshaller<Received> enveloped() {
    return new ResponseMarshaller<>(
        ModelStreamInferResponse.getDefaultInstance(), InferCodec::decode, true);
  }

  @Override
  public Received parse(InputStream stream) {
    byte[] message;
    try {
      message = bytes(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    InferResponse straight = new WireReader(message, names).read(enveloped);
    return straight == null ? parseGenerated(message) : Received.of(straight);
  }

  /** The same by the generated classes, which read everything. */
  Received parseGenerated(byte[] message) {
    M parsed = generated.parse(new ByteArrayInputStream(message));
    try {
      return Received.of(decode.apply(parsed));
    } catch (BackendException | DialectException e) {
      return Received.failure(e);
    }
  }

  private static byte[] bytes(InputStream stream) throws IOException {
    return stream instanceof KnownLength
        ? stream.readNBytes(stream.available())
        : stream.readAllBytes();
  }

  /** Clients send no responses. */
  @Override
  public InputStream stream(Received value) {
    throw new UnsupportedOperationException();
  }
}
