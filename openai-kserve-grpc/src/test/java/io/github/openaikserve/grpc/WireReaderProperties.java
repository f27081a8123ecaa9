package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import io.github.openaikserve.grpc.internal.call.DecodedMessage;
import io.github.openaikserve.grpc.internal.call.ResponseMarshaller;
import io.github.openaikserve.grpc.internal.message.StringPool;
import io.github.openaikserve.grpc.internal.message.WireReader;
import io.github.openaikserve.grpc.proto.InferParameter;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInferResponse.InferOutputTensor;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/** The fast reader and the generated classes read any message equally. */
final class WireReaderProperties {
  /** The memory of a parser, and of the classes that it loads first. */
  private static final long ROOM = 4 << 20;

  private final ResponseMarshaller<?> enveloped =
      (ResponseMarshaller<?>) ResponseMarshaller.enveloped();
  private final ResponseMarshaller<?> bare = (ResponseMarshaller<?>) ResponseMarshaller.bare();

  @Property
  void bothParsersReadAnyStreamMessageEqually(
      @ForAll("messages") ModelStreamInferResponse message) {
    assertSame(enveloped, message.toByteArray());
  }

  @Property
  void bothParsersReadAnyPlainResponseEqually(@ForAll("responses") ModelInferResponse message) {
    assertSame(bare, message.toByteArray());
  }

  @Property(tries = 3000)
  void bothParsersReadDamagedMessagesEqually(
      @ForAll("messages") ModelStreamInferResponse message,
      @ForAll int place,
      @ForAll byte wrong,
      @ForAll("cuts") int cut) {
    byte[] bytes = message.toByteArray();
    if (bytes.length > 0) {
      bytes[Math.floorMod(place, bytes.length)] = wrong;
    }

    assertSame(enveloped, Arrays.copyOf(bytes, Math.max(0, bytes.length - cut)));
  }

  @Property(tries = 10_000)
  @Tag("slow")
  void bothParsersReadManyOtherEncodingsEqually(
      @ForAll("messages") ModelStreamInferResponse message, @ForAll long seed) {
    bothParsersReadOtherEncodingsEqually(message, seed);
  }

  @Property
  void bothParsersReadOtherEncodingsEqually(
      @ForAll("messages") ModelStreamInferResponse message, @ForAll long seed) {
    var damage = new WireDamage(seed);
    byte[] bytes = message.toByteArray();
    for (int changes = 1 + (int) (seed & 3); changes > 0; changes--) {
      bytes = damage.damage(bytes);
    }

    assertSame(enveloped, bytes);
    assertSame(bare, bytes);
  }

  @Property
  void bothParsersReadAChangedUnaryResponseEqually(
      @ForAll("responses") ModelInferResponse message, @ForAll long seed) {
    assertSame(bare, new WireDamage(seed).damage(message.toByteArray()));
  }

  @Property
  void theResultDoesNotDependOnHowAMessageIsSplit(
      @ForAll("messages") ModelStreamInferResponse message,
      @ForAll long seed,
      @ForAll boolean knownLength) {
    byte[] bytes = new WireDamage(seed).damage(message.toByteArray());
    InputStream pieces =
        knownLength ? new PiecesOfKnownLength(bytes, seed) : new Pieces(bytes, seed);

    assertThat(outcome(() -> enveloped.parse(pieces)))
        .isEqualTo(outcome(() -> enveloped.parseGenerated(bytes)));
  }

  @Property
  void memoryIsBoundedByTheSizeOfTheMessage(
      @ForAll("messages") ModelStreamInferResponse message, @ForAll long seed) {
    byte[] bytes = new WireDamage(seed).damage(message.toByteArray());
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = thread.getCurrentThreadAllocatedBytes();
    outcome(() -> enveloped.parse(new ByteArrayInputStream(bytes)));

    assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(ROOM);
  }

  /** Messages whose shape would be copied for each dimension. */
  @Example
  void excessiveShapesAndParametersAreReadByTheGeneratedParser() {
    var response = ModelInferResponse.newBuilder().addOutputs(text("token", "a"));
    LongStream.range(0, 100).forEach(response.getOutputsBuilder(0)::addShape);
    ModelStreamInferResponse shape =
        ModelStreamInferResponse.newBuilder().setInferResponse(response).build();
    response.getOutputsBuilder(0).clearShape().addShape(1);
    for (int i = 0; i < 100; i++) {
      response.putParameters("p" + i, InferParameter.newBuilder().setBoolParam(true).build());
    }
    ModelStreamInferResponse parameters =
        ModelStreamInferResponse.newBuilder().setInferResponse(response).build();

    assertThat(readByWireReader(shape)).isNull();
    assertThat(readByWireReader(parameters)).isNull();
    assertSame(enveloped, shape.toByteArray());
    assertSame(enveloped, parameters.toByteArray());
  }

  @Property
  void bothParsersReadAnyBytesEqually(@ForAll byte[] bytes) {
    assertSame(enveloped, bytes);
    assertSame(bare, bytes);
  }

  @Property
  void bothParsersMergeConcatenatedMessages(
      @ForAll("messages") ModelStreamInferResponse first,
      @ForAll("messages") ModelStreamInferResponse second) {
    assertSame(
        enveloped,
        ByteString.copyFrom(List.of(first.toByteString(), second.toByteString())).toByteArray());
  }

  @Example
  void aTokenIsReadByWireReader() {
    var message =
        ModelStreamInferResponse.newBuilder()
            .setInferResponse(
                ModelInferResponse.newBuilder()
                    .setModelName("generate_stream")
                    .addOutputs(text("token", " tok"))
                    .addOutputs(text("finish_reason", "null")))
            .build();

    assertThat(readByWireReader(message)).isNotNull();
  }

  @Example
  void aRawTokenWithTritonsParameterIsReadByWireReader() {
    var message =
        ModelStreamInferResponse.newBuilder()
            .setInferResponse(
                ModelInferResponse.newBuilder()
                    .setModelName("vllm_model")
                    .setModelVersion("1")
                    .putParameters(
                        "triton_final_response",
                        InferParameter.newBuilder().setBoolParam(false).build())
                    .addOutputs(
                        InferOutputTensor.newBuilder()
                            .setName("text_output")
                            .setDatatype("BYTES")
                            .addShape(1))
                    .addRawOutputContents(ByteString.copyFrom(new byte[] {2, 0, 0, 0, 'H', 'i'})))
            .build();

    assertThat(readByWireReader(message)).isNotNull();
  }

  /** The views share one copy of the message. */
  @Example
  void theTextOfALongTokenIsNotCopied() {
    byte[] message =
        ModelStreamInferResponse.newBuilder()
            .setInferResponse(
                ModelInferResponse.newBuilder().addOutputs(text("token", "t".repeat(1 << 20))))
            .build()
            .toByteArray();
    var strings = new StringPool();
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    new WireReader(message, strings).read(true); // loads the classes

    long before = thread.getCurrentThreadAllocatedBytes();
    InferResponse response = new WireReader(message, strings).read(true);

    assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 10);
    assertThat(response).isNotNull();
  }

  private static @Nullable InferResponse readByWireReader(ModelStreamInferResponse message) {
    return new WireReader(message.toByteArray(), new StringPool()).read(true);
  }

  private static void assertSame(ResponseMarshaller<?> marshaller, byte[] message) {
    assertThat(outcome(() -> marshaller.parse(new ByteArrayInputStream(message))))
        .isEqualTo(outcome(() -> marshaller.parseGenerated(message)));
  }

  /** A stream that returns a few bytes at a time. */
  private static class Pieces extends InputStream {
    private final InputStream whole;
    private final Random random;

    Pieces(byte[] bytes, long seed) {
      this.whole = new ByteArrayInputStream(bytes);
      this.random = new Random(seed);
    }

    @Override
    public int read() throws IOException {
      return whole.read();
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      return whole.read(to, from, Math.min(length, 1 + random.nextInt(5)));
    }

    @Override
    public int available() throws IOException {
      return whole.available();
    }
  }

  private static final class PiecesOfKnownLength extends Pieces implements KnownLength {
    PiecesOfKnownLength(byte[] bytes, long seed) {
      super(bytes, seed);
    }
  }

  private interface Reading {
    DecodedMessage read();
  }

  /** Returns the response, or the exception and its message. */
  private static Object outcome(Reading reading) {
    try {
      return reading.read().response();
    } catch (RuntimeException e) {
      return e.getClass() + ": " + e.getMessage();
    }
  }

  @Provide
  Arbitrary<Integer> cuts() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(3, Arbitraries.just(0)),
        net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(1, 20)));
  }

  @Provide
  Arbitrary<ModelStreamInferResponse> messages() {
    return Combinators.combine(responses(), Arbitraries.of("", "", "", "broken"))
        .as(
            (response, error) ->
                ModelStreamInferResponse.newBuilder()
                    .setInferResponse(response)
                    .setErrorMessage(error)
                    .build());
  }

  @Provide
  Arbitrary<ModelInferResponse> responses() {
    return Combinators.combine(
            names(),
            names(),
            output().list().ofMaxSize(3),
            raw().list().ofMaxSize(3),
            parameter().list().ofMaxSize(2),
            Arbitraries.of(true, true, false))
        .as(
            (model, version, outputs, raws, parameters, typed) -> {
              var response =
                  ModelInferResponse.newBuilder()
                      .setModelName(model)
                      .setModelVersion(version)
                      .addAllOutputs(outputs);
              for (int i = 0; i < parameters.size(); i++) {
                response.putParameters(i == 0 ? "triton_final_response" : model, parameters.get(i));
              }
              if (!typed) {
                response.addAllRawOutputContents(raws);
              }
              return response.build();
            });
  }

  private static Arbitrary<String> names() {
    return Arbitraries.of("", "token", "finish_reason", "text_output", "größe", "1");
  }

  private static Arbitrary<ByteString> raw() {
    return Arbitraries.oneOf(
        Arbitraries.of("", "a", "tok")
            .map(t -> ByteString.copyFrom(new byte[] {(byte) t.length(), 0, 0, 0}).concat(utf8(t))),
        Arbitraries.bytes().array(byte[].class).ofMaxSize(12).map(ByteString::copyFrom));
  }

  private static Arbitrary<InferParameter> parameter() {
    return Arbitraries.oneOf(
        Arbitraries.of(true, false).map(b -> InferParameter.newBuilder().setBoolParam(b).build()),
        Arbitraries.longs().map(n -> InferParameter.newBuilder().setInt64Param(n).build()),
        Arbitraries.of(InferParameter.getDefaultInstance()));
  }

  private static Arbitrary<InferOutputTensor> output() {
    return Combinators.combine(
            names(),
            Arbitraries.of("BYTES", "BYTES", "BYTES", "INT32", "FP32", "UINT8", "STRING", ""),
            Arbitraries.longs().between(-1, 3).list().ofMaxSize(2),
            Arbitraries.strings().ofMaxLength(5).list().ofMaxSize(3),
            Arbitraries.integers().list().ofMaxSize(1),
            parameter().list().ofMaxSize(1))
        .as(
            (name, datatype, shape, texts, ints, parameters) -> {
              var contents = InferTensorContents.newBuilder().addAllIntContents(ints);
              texts.forEach(text -> contents.addBytesContents(utf8(text)));
              var output =
                  InferOutputTensor.newBuilder()
                      .setName(name)
                      .setDatatype(datatype)
                      .addAllShape(shape)
                      .setContents(contents);
              parameters.forEach(parameter -> output.putParameters("content_type", parameter));
              return output.build();
            });
  }

  private static InferOutputTensor text(String name, String text) {
    return InferOutputTensor.newBuilder()
        .setName(name)
        .setDatatype("BYTES")
        .addShape(1)
        .setContents(InferTensorContents.newBuilder().addBytesContents(utf8(text)))
        .build();
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFrom(text, StandardCharsets.UTF_8);
  }
}
