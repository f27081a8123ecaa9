package io.github.openaikserve.fuzz;

import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.testsupport.StrictSubscriber;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request and the reader of its answer. */
final class Exchange {
  private static final Duration UNREAD_LIMIT = Duration.ofSeconds(30);

  private final String method;
  private final CompletableFuture<ApiResponse> answer;
  private final StrictSubscriber<ByteBuffer> reader = new StrictSubscriber<>();
  private @Nullable ApiResponse response;
  private boolean abandoned;
  private boolean misbehaved;
  private Duration unread = Duration.ZERO;

  Exchange(String method, CompletableFuture<ApiResponse> answer) {
    this.method = method;
    this.answer = answer;
  }

  boolean abandoned() {
    return abandoned;
  }

  /** Begins to read once the answer is there; whether that is now. */
  boolean subscribe() {
    if (abandoned || response != null || !answer.isDone()) {
      return false;
    }
    response = answer.join();
    response.body().subscribe(reader);
    return true;
  }

  /** Time passes: a response that is not read for 30 seconds is closed. */
  void passed(Duration time) {
    if (response == null && answer.isDone()) {
      unread = unread.plus(time);
      misbehaved |= unread.compareTo(UNREAD_LIMIT) >= 0;
    }
  }

  void request(long n) {
    if (!abandoned) {
      reader.requestNow(n);
    }
  }

  /** Asks for nothing, which is against the rules. */
  void misbehave() {
    if (subscribe() || (response != null && !abandoned)) {
      misbehaved = true;
      reader.requestNow(0);
    }
  }

  void abandon() {
    if (abandoned) {
      return;
    }
    abandoned = true;
    if (!answer.isDone()) {
      answer.cancel(false);
    } else if (response == null) {
      answer.join().body().close();
    } else {
      reader.cancelNow();
    }
  }

  /** Who stayed and kept the rules was answered. */
  void judge() {
    if (!reader.violations().isEmpty()) {
      throw new AssertionError(reader.violations() + ": " + this);
    }
    if (abandoned || misbehaved) {
      return;
    }
    if (response != null && Answers.isMedia(response) && reader.hasEnded()) {
      return; // audio has no place for an error, so that its body fails
    }
    if (response == null || !reader.hasEnded() || reader.failure() != null) {
      throw new AssertionError("no end: " + this, reader.failure());
    }
    Answers.check(method, response, text());
  }

  private String text() {
    var bytes = new ByteArrayOutputStream();
    for (ByteBuffer item : reader.items()) {
      byte[] copy = new byte[item.remaining()];
      item.duplicate().get(copy);
      bytes.writeBytes(copy);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "abandoned: %s, asked for nothing: %s, %s, %s"
        .formatted(abandoned, misbehaved, answer, text());
  }
}
