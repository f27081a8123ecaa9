package io.github.openaikserve.benchmarks;

import com.google.protobuf.ByteString;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the {@link BareServer}. Reads responses as {@link RawLoad} does. Does not escape
 * text, because the worker's tokens need no escaping.
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

  @SuppressWarnings("NullAway.Init") // gRPC passes the call first
  private BareAnswer(HttpServerResponse response, int maxTokens) {
    this.response = response;
    this.maxTokens = maxTokens;
    response.closeHandler(gone -> cancel());
    response.exceptionHandler(broken -> cancel());
    response.drainHandler(drained -> ask(0));
    response.putHeader("x-request-id", "req_" + id());
  }

  /** Receives the text of one response; the first has no leading space. */
  abstract void add(byte[] text);

  /** Returns whether the client reads too slowly to request more responses. */
  boolean isFull() {
    return response.writeQueueFull();
  }

  /** Ends the HTTP response. */
  abstract void finish(String finishReason);

  /** Returns the part of a chunk between the name of the object and the choices. */
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
      call.cancel("the client has disconnected", null);
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

  /** Requests responses by half batches, but not while the client is slower than the worker. */
  final synchronized void ask(int taken) {
    owed += taken;
    if (owed >= BATCH / 2 && !isFull()) {
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

  /**
   * An answer as server-sent events. Either writes each response from gRPC's thread, and Vert.x
   * joins the writes; or gathers responses in one buffer until the event loop is free, and writes
   * that buffer.
   */
  static final class Streamed extends BareAnswer {
    private static final byte[] ROLE =
        bytes(
            "\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
    private static final byte[] BEFORE_TEXT = bytes("\"delta\":{\"content\":\"");
    private static final byte[] AFTER_TEXT =
        bytes("\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");

    private static final int MAX_PENDING = 64 << 10;

    private final byte[] head = bytes("data: " + head("chat.completion.chunk"));
    private final @Nullable Context context;
    private @Nullable Buffer pending;

    /**
     * Creates an answer that gathers responses on this event loop; null to write each one alone.
     */
    Streamed(HttpServerResponse response, int maxTokens, @Nullable Context context) {
      super(response, maxTokens);
      this.context = context;
      response
          .putHeader("cache-control", "no-cache")
          .putHeader("x-accel-buffering", "no")
          .putHeader("content-type", "text/event-stream; charset=utf-8")
          .setChunked(true);
    }

    @Override
    synchronized void add(byte[] text) {
      int length = head.length + BEFORE_TEXT.length + text.length + AFTER_TEXT.length;
      Buffer events = pending == null ? Buffer.buffer(length) : pending;
      if (tokens() == 1) {
        events.appendBytes(head).appendBytes(ROLE);
      }
      events.appendBytes(head).appendBytes(BEFORE_TEXT).appendBytes(text).appendBytes(AFTER_TEXT);
      if (context == null) {
        response.write(events);
      } else if (pending == null) {
        pending = events;
        context.runOnContext(now -> flush());
      }
    }

    private synchronized void flush() {
      if (pending != null) {
        response.write(pending);
        pending = null;
        ask(0);
      }
    }

    @Override
    boolean isFull() {
      return response.writeQueueFull() || (pending != null && pending.length() > MAX_PENDING);
    }

    @Override
    synchronized void finish(String finishReason) {
      Buffer events = pending == null ? Buffer.buffer() : pending;
      pending = null;
      response.end(
          events
              .appendBytes(head)
              .appendString("\"delta\":{},\"logprobs\":null,\"finish_reason\":\"")
              .appendString(finishReason)
              .appendString("\"}]}\n\ndata: [DONE]\n\n"));
    }
  }

  /** A whole answer. */
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
