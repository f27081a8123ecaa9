package io.github.openaikserve.grpc.internal.call;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.grpc.internal.message.InferCodec;
import io.github.openaikserve.grpc.internal.message.StringPool;
import io.github.openaikserve.grpc.internal.message.WireReader;
import io.github.openaikserve.grpc.internal.status.StatusCodes;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Decodes the messages of a model server. Thread-safe.
 *
 * <p>{@link WireReader} reads most messages of a stream straight from their bytes; the generated
 * classes parse all others. A message that cannot be read becomes a {@link DecodedMessage} that
 * holds the failure: gRPC reports an exception of a marshaller as CANCELLED, as if the caller had
 * ended the call.
 */
public final class ResponseMarshaller<M extends Message>
    implements MethodDescriptor.Marshaller<DecodedMessage> {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final int SHOWN_BYTES = 8;

  private final Parser<M> parser;
  private final String type;
  private final Function<M, InferResponse> decode;
  private final boolean enveloped;
  private final UnaryOperator<InferResponse> correction;
  private final StringPool strings = new StringPool();

  private ResponseMarshaller(
      Parser<M> parser,
      String type,
      Function<M, InferResponse> decode,
      boolean enveloped,
      UnaryOperator<InferResponse> correction) {
    this.parser = parser;
    this.type = type;
    this.decode = decode;
    this.enveloped = enveloped;
    this.correction = correction;
  }

  /** Returns a marshaller of responses without an envelope. */
  public static MethodDescriptor.Marshaller<DecodedMessage> bare() {
    return bare(UnaryOperator.identity());
  }

  /**
   * Returns a marshaller of responses without an envelope.
   *
   * @param correction changes each response of a server that deviates from the protocol
   */
  public static MethodDescriptor.Marshaller<DecodedMessage> bare(
      UnaryOperator<InferResponse> correction) {
    return new ResponseMarshaller<>(
        ModelInferResponse.parser(), "ModelInferResponse", InferCodec::decode, false, correction);
  }

  /** Returns a marshaller of stream messages, each of which holds a response or an error. */
  public static MethodDescriptor.Marshaller<DecodedMessage> enveloped() {
    return new ResponseMarshaller<>(
        ModelStreamInferResponse.parser(),
        "ModelStreamInferResponse",
        ResponseMarshaller::decode,
        true,
        UnaryOperator.identity());
  }

  /**
   * Returns a response on a stream.
   *
   * @throws io.github.openaikserve.error.BackendException if it is an error
   * @throws DialectException if it is neither a response nor an error
   */
  public static InferResponse decode(ModelStreamInferResponse message) {
    if (!message.getErrorMessage().isEmpty()) {
      throw StatusCodes.errorMessage(message.getErrorMessage());
    }
    if (!message.hasInferResponse()) {
      throw new DialectException("The model server streamed neither a response nor an error.");
    }
    return InferCodec.decode(message.getInferResponse());
  }

  @Override
  public DecodedMessage parse(InputStream stream) {
    byte[] message;
    try {
      message = bytes(stream);
    } catch (IOException e) {
      return failure(
          BackendCode.INTERNAL, "The model server sent a message that cannot be decompressed.", e);
    } catch (StatusRuntimeException e) {
      // From decompression: gRPC rejects a too large uncompressed message earlier.
      return failure(
          BackendCode.RESPONSE_TOO_LARGE,
          "A decompressed message of the model server exceeds the size limit.",
          e);
    }
    InferResponse response = new WireReader(message, strings).read(enveloped);
    return response == null
        ? parseGenerated(message)
        : DecodedMessage.of(correction.apply(response));
  }

  /** Parses a message with the generated classes, which accept every valid one. */
  public DecodedMessage parseGenerated(byte[] message) {
    try {
      return DecodedMessage.of(correction.apply(decode.apply(parser.parseFrom(message))));
    } catch (InvalidProtocolBufferException e) {
      return failure(BackendCode.INTERNAL, malformed(message), e);
    } catch (BackendException | DialectException e) {
      return DecodedMessage.failure(e);
    }
  }

  private static DecodedMessage failure(BackendCode code, String text, Exception cause) {
    return DecodedMessage.failure(new BackendException(code, text, cause));
  }

  /** Describes the bytes without showing text, which may be a prompt or an answer. */
  private String malformed(byte[] message) {
    int shown = Math.min(message.length, SHOWN_BYTES);
    return "The model server sent a message of %d bytes that is not a %s; it begins with %s."
        .formatted(message.length, type, HEX.formatHex(message, 0, shown));
  }

  private static byte[] bytes(InputStream stream) throws IOException {
    return stream instanceof KnownLength
        ? stream.readNBytes(stream.available())
        : stream.readAllBytes();
  }

  /** Not supported: a client sends no responses. */
  @Override
  public InputStream stream(DecodedMessage value) {
    throw new UnsupportedOperationException();
  }
}
