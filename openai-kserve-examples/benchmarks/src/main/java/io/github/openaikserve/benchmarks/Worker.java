package io.github.openaikserve.benchmarks;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.openaikserve.grpc.proto.InferTensorContents;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelInferResponse;
import io.github.openaikserve.grpc.proto.ModelInferResponse.InferOutputTensor;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model server with AnyServe's dialect and minimal cost: it sends precomputed messages, either as
 * fast as the client reads them or one at a time at the pace in the prompt.
 */
final class Worker implements AutoCloseable {
  private static final String SERVICE = "inference.GRPCInferenceService";
  private static final Pattern PACE = Pattern.compile("pace=([0-9]+)");
  private static final int KINDS = 100;

  private final byte[][] messages = new byte[KINDS][];
  private final byte[] last = message("", "stop").toByteArray();
  private final Pacer pacer = new Pacer();
  private final Server server;

  Worker() throws IOException {
    for (int i = 0; i < KINDS; i++) {
      messages[i] = message(" tok" + i, "null").toByteArray();
    }
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(
                        method("ModelStreamInfer", MethodType.SERVER_STREAMING),
                        (call, headers) -> new Answer(call, true))
                    .addMethod(
                        method("ModelInfer", MethodType.UNARY),
                        (call, headers) -> new Answer(call, false))
                    .build())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    pacer.close();
  }

  private static ModelStreamInferResponse message(String token, String finishReason) {
    return ModelStreamInferResponse.newBuilder()
        .setInferResponse(
            ModelInferResponse.newBuilder()
                .setModelName("generate_stream")
                .addOutputs(bytes("token", token))
                .addOutputs(bytes("finish_reason", finishReason)))
        .build();
  }

  private static InferOutputTensor bytes(String name, String value) {
    return InferOutputTensor.newBuilder()
        .setName(name)
        .setDatatype("BYTES")
        .addShape(1)
        .setContents(
            InferTensorContents.newBuilder().addBytesContents(ByteString.copyFromUtf8(value)))
        .build();
  }

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(Bytes.MARSHALLER)
        .setResponseMarshaller(Bytes.MARSHALLER)
        .build();
  }

  /** A marshaller that passes the bytes of messages through. */
  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    MARSHALLER;

    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The answer to one call. */
  private final class Answer extends ServerCall.Listener<byte[]> implements Pacer.Ticking {
    private final ServerCall<byte[], byte[]> call;
    private final boolean streamed;
    private int tokens;
    private int sent;
    private boolean unpaced;
    private boolean over;

    Answer(ServerCall<byte[], byte[]> call, boolean streamed) {
      this.call = call;
      this.streamed = streamed;
      call.request(1);
    }

    @Override
    public void onMessage(byte[] message) {
      ModelInferRequest request;
      try {
        request = ModelInferRequest.parseFrom(message);
      } catch (InvalidProtocolBufferException e) {
        throw new UncheckedIOException(e);
      }
      String prompt = "";
      for (ModelInferRequest.InferInputTensor input : request.getInputsList()) {
        if (input.getName().equals("max_tokens")) {
          tokens = input.getContents().getIntContents(0);
        } else if (input.getName().equals("prompt")) {
          prompt = input.getContents().getBytesContents(0).toStringUtf8();
        }
      }
      Matcher pace = PACE.matcher(prompt);
      int millis = pace.find() ? Integer.parseInt(pace.group(1)) : 0;
      call.sendHeaders(new Metadata());
      if (!streamed) {
        call.sendMessage(whole());
        call.close(Status.OK, new Metadata());
      } else if (millis > 0) {
        pacer.add(this, millis);
      } else {
        unpaced = true;
        onReady();
      }
    }

    private byte[] whole() {
      var text = new StringBuilder();
      for (int i = 0; i < tokens; i++) {
        text.append(" tok").append(i % KINDS);
      }
      return ModelInferResponse.newBuilder()
          .setModelName("generate")
          .addOutputs(bytes("text", text.toString()))
          .build()
          .toByteArray();
    }

    @Override
    public void onReady() {
      if (unpaced) {
        while (call.isReady() && !over) {
          tick();
        }
      }
    }

    /** Sends one message; returns false if there is none left. */
    @Override
    public boolean tick() {
      if (over || call.isCancelled()) {
        return false;
      }
      if (sent < tokens) {
        call.sendMessage(messages[sent++ % KINDS]);
        return true;
      }
      over = true;
      call.sendMessage(last);
      call.close(Status.OK, new Metadata());
      return false;
    }
  }
}
