package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.http.ApiBody;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The writes of a body, with a socket that accepts as many as the test says. */
final class BodyWriterTest {
  private static final int PIECE = 16 << 10;

  private final Vertx vertx = Vertx.vertx();
  private final List<Buffer> written = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private Handler<Void> drain = unset -> {};
  private int accepted;

  private final BodyWriter writer = writer(-1);

  private BodyWriter writer(long length) {
    return new BodyWriter(
        proxy(HttpServerResponse.class, this::respond),
        length,
        proxy(Context.class, BodyWriterTest::runAtOnce),
        new ClientTimeout(vertx, Duration.ofMinutes(1), () -> {}, waits -> {}),
        last -> ends.add(last == null ? "end" : "end with " + last.length() + " bytes"));
  }

  @AfterEach
  void close() {
    vertx.close();
  }

  @Test
  void aBodyIsWrittenInPiecesAsTheSocketAcceptsThem() {
    accepted = 1;
    ApiBody.of(new byte[2 * PIECE + 1]).subscribe(writer);
    assertThat(written).hasSize(1);

    accept(1);
    assertThat(written).hasSize(2);
    assertThat(ends).isEmpty();

    accept(1);
    assertThat(written.stream().map(Buffer::length)).containsExactly(PIECE, PIECE, 1);
    assertThat(ends).containsExactly("end");
  }

  @Test
  void theBytesOfABodyAreNotCopied() {
    byte[] shared = new byte[100];
    accepted = 1;
    ApiBody.of(shared).subscribe(writer);

    shared[7] = 42;

    assertThat(written.get(0).getByte(7)).isEqualTo((byte) 42);
  }

  @Test
  void aShortBodyOfKnownLengthIsWrittenWithItsEnd() {
    accepted = 1;

    ApiBody.of(new byte[100]).subscribe(writer(100));

    assertThat(written).isEmpty();
    assertThat(ends).containsExactly("end with 100 bytes");
  }

  @Test
  void aLongBodyOfKnownLengthIsWrittenAsTheSocketAcceptsIt() {
    accepted = 1;
    ApiBody.of(new byte[PIECE + 1]).subscribe(writer(PIECE + 1));
    assertThat(ends).isEmpty();

    accept(1);

    assertThat(written.stream().map(Buffer::length)).containsExactly(PIECE, 1);
    assertThat(ends).containsExactly("end");
  }

  @Test
  void anInterruptedBodyEndsAfterItsCurrentBuffer() {
    accepted = 1;
    ApiBody.streaming(never -> never.onSubscribe(new Unending()), () -> {}).subscribe(writer);
    writer.onNext(java.nio.ByteBuffer.allocate(2 * PIECE));
    assertThat(written).hasSize(1);

    assertThat(writer.interrupt()).isTrue();

    assertThat(written).hasSize(2);
    assertThat(ends).isEmpty();
  }

  @Test
  void aBodyOfWhichEverythingIsKnownIsNotInterrupted() {
    accepted = 1;
    ApiBody.of(new byte[2 * PIECE]).subscribe(writer);

    assertThat(writer.interrupt()).isFalse();

    accept(1);
    assertThat(ends).containsExactly("end");
  }

  private void accept(int more) {
    accepted += more;
    drain.handle(null);
  }

  private Object respond(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "write" -> {
        written.add((Buffer) arguments[0]);
        yield Future.succeededFuture();
      }
      case "writeQueueFull" -> written.size() >= accepted;
      case "drainHandler" -> {
        @SuppressWarnings("unchecked")
        Handler<Void> handler = (Handler<Void>) arguments[0];
        drain = handler;
        yield proxy;
      }
      default -> throw new AssertionError(method);
    };
  }

  private static @Nullable Object runAtOnce(
      Object proxy, java.lang.reflect.Method method, Object[] arguments) {
    @SuppressWarnings("unchecked")
    Handler<Void> task = (Handler<Void>) arguments[0];
    task.handle(null);
    return null;
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** A subscription of a stream whose events the test sends. */
  private static final class Unending implements java.util.concurrent.Flow.Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
