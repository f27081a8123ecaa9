package io.github.openaikserve.examples.bench;

import com.google.protobuf.ByteString;
import io.github.openaikserve.examples.worker.proto.ModelInferRequest;
import io.github.openaikserve.examples.worker.proto.ModelStreamInferResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An answer of the {@link BareServer}. Reads responses as {@link RawLoad} does and writes each from
 * gRPC's thread; Vert.x passes what has come meanwhile to the socket together. The text is not
 * escaped, because the worker's tokens contain nothing to escape.
 */
abstract class BareAnswer
    implements ClientResponseObserver<ModelInferRequest, ModelStreamInferResponse> {
  private static final int BATCH = 64;
  private static final int BAD_GATEWAY = 502;
  private static final AtomicLong NUMBERS = new AtomicLong();

  final HttpServerResponse response;
  private final int maxTokens;
  private int tokens;
  private int owed;
  private volatile boolean done;
  private ClientCallStreamObserver<ModelInferRequest> call;

  @SuppressWarnings("NullAway.Init") // gRPC gives the call before anything else
  private BareAnswer(HttpServerResponse response, int maxTokens) {
    this.response = response;
    this.maxTokens = maxTokens;
    response.closeHandler(gone -> cancel());
    response.exceptionHandler(broken -> cancel());
    response.drainHandler(drained -> ask(0));
    response.putHeader("x-request-id", "req_" + id());
  }

  /** Takes the text of one response, without the space before the first. */
  abstract void add(byte[] text);

  /** Ends the HTTP response. */
  abstract void finish(String finishReason);

  /** Returns what follows the name of the object, up to the choices. */
  static String head(String object) {
    return "{\"id\":\"chatcmpl-%s\",\"object\":\"%s\",\"created\":%d,\"model\":\"m\",\"choices\":[{\"index\":0,"
        .formatted(id(), object, System.currentTimeMillis() / 1000);
  }

  private static String id() {
    String hex = Long.toHexString(NUMBERS.incrementAndGet());
    return "0".repeat(24 - hex.length()) + hex;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  final int tokens() {
    return tokens;
  }

  private void cancel() {
    if (!done) {
      call.cancel("the client is gone", null);
    }
  }

  @Override
  public final void beforeStart(ClientCallStreamObserver<ModelInferRequest> call) {
    this.call = call;
    call.disableAutoRequestWithInitial(BATCH);
  }

  @Override
  public final void onNext(ModelStreamInferResponse value) {
    ByteString text = value.getInferResponse().getOutputs(0).getContents().getBytesContents(0);
    if (!text.isEmpty()) {
      boolean spaced = tokens++ == 0 && text.byteAt(0) == ' ';
      add((spaced ? text.substring(1) : text).toByteArray());
    }
    ask(1);
  }

  /** Asks for more by the half batch, and not while the client is slower than the worker. */
  private synchronized void ask(int taken) {
    owed += taken;
    if (owed >= BATCH / 2 && !response.writeQueueFull()) {
      call.request(owed);
      owed = 0;
    }
  }

  @Override
  public final void onError(Throwable failure) {
    done = true;
    if (response.headWritten()) {
      response.reset();
    } else if (!response.closed()) {
      response.setStatusCode(BAD_GATEWAY).end();
    }
  }

  @Override
  public final void onCompleted() {
    done = true;
    finish(tokens < maxTokens ? "stop" : "length");
  }

  /** An answer as server-sent events. */
  static final class Streamed extends BareAnswer {
    private static final byte[] ROLE =
        bytes(
            "\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
    private static final byte[] BEFORE_TEXT = bytes("\"delta\":{\"content\":\"");
    private static final byte[] AFTER_TEXT =
        bytes("\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");

    private final byte[] head = bytes("data: " + head("chat.completion.chunk"));

    Streamed(HttpServerResponse response, int maxTokens) {
      super(response, maxTokens);
      response
          .putHeader("cache-control", "no-cache")
          .putHeader("x-accel-buffering", "no")
          .putHeader("content-type", "text/event-stream; charset=utf-8")
          .setChunked(true);
    }

    @Override
    void add(byte[] text) {
      if (tokens() == 1) {
        response.write(
            Buffer.buffer(head.length + ROLE.length).appendBytes(head).appendBytes(ROLE));
      }
      response.write(
          Buffer.buffer(head.length + BEFORE_TEXT.length + text.length + AFTER_TEXT.length)
              .appendBytes(head)
              .appendBytes(BEFORE_TEXT)
              .appendBytes(text)
              .appendBytes(AFTER_TEXT));
    }

    @Override
    void finish(String finishReason) {
      response.end(
          Buffer.buffer(head)
              .appendString("\"delta\":{},\"logprobs\":null,\"finish_reason\":\"")
              .appendString(finishReason)
              .appendString("\"}]}\n\ndata: [DONE]\n\n"));
    }
  }

  /** An answer in one piece. */
  static final class Whole extends BareAnswer {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    Whole(HttpServerResponse response, int maxTokens) {
      super(response, maxTokens);
    }

    @Override
    void add(byte[] text) {
      this.text.writeBytes(text);
    }

    @Override
    void finish(String finishReason) {
      String end =
          "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"%s\"}],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":%d,\"total_tokens\":%d,\"estimated\":true}}"
              .formatted(finishReason, tokens(), 20 + tokens());
      response
          .putHeader("content-type", "application/json")
          .end(
              Buffer.buffer(head("chat.completion"))
                  .appendString("\"message\":{\"role\":\"assistant\",\"content\":\"")
                  .appendBytes(text.toByteArray())
                  .appendString(end));
    }
  }
}
