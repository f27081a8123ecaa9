package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.error.OpenAiException;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestBodyTest {
  private static final int KIB = 1024;

  @Test
  void aBodyOfTheAnnouncedLengthIsNotCopiedAgain() {
    var body = new RequestBody(new BodyBudget(1000 * KIB, 0), 1000 * KIB, 100 * KIB);

    for (int i = 0; i < 100; i++) {
      body.add(piece(KIB));
    }

    assertThat(body.whole()).hasSize(100 * KIB).isSameAs(body.whole());
  }

  @Test
  void aBodyOfUnknownLengthIsWhole() {
    var body = new RequestBody(new BodyBudget(1000 * KIB, 0), 1000 * KIB, 0);

    body.add(Buffer.buffer("one "));
    body.add(Buffer.buffer("two"));

    assertThat(body.whole()).asString().isEqualTo("one two");
  }

  @Test
  void allBodiesShareTheBudgetAndReturnIt() {
    var budget = new BodyBudget(100 * KIB, 0);
    var first = new RequestBody(budget, 100 * KIB, 80 * KIB);
    for (int i = 0; i < 80; i++) {
      first.add(piece(KIB));
    }
    var second = new RequestBody(budget, 100 * KIB, 0);

    second.add(piece(KIB));
    assertThatExceptionOfType(OpenAiException.class)
        .isThrownBy(() -> second.add(piece(70 * KIB)))
        .satisfies(
            refusal -> {
              assertThat(refusal.status()).isEqualTo(503);
              assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(1));
            });
    second.release();
    first.release();
    first.release();

    assertThat(budget.left()).isEqualTo(100 * KIB);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 400 * KIB})
  void largeBodiesLeaveMemoryForSmallOnes(int announced) {
    var budget = new BodyBudget(1600 * KIB, 400 * KIB);
    List<RequestBody> large = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      var body = new RequestBody(budget, 400 * KIB, announced);
      large.add(body);
      try {
        for (int piece = 0; piece < 400; piece++) {
          body.add(piece(KIB));
        }
      } catch (OpenAiException refusal) {
        assertThat(refusal.status()).isEqualTo(503);
        body.release();
      }
    }
    var small = new RequestBody(budget, 400 * KIB, 60 * KIB);

    small.add(piece(60 * KIB));

    assertThat(large.stream().filter(body -> body.length() > 0)).hasSize(3);
    assertThat(small.whole()).hasSize(60 * KIB);
  }

  @ParameterizedTest
  @CsvSource({"64, 200", "65, 135"})
  void onlyTheMemoryOfALargeBodyRemainsTakenUntilItsRelease(int size, long left) {
    var budget = new BodyBudget(200 * KIB, 0);
    var body = new RequestBody(budget, 100 * KIB, 0);
    body.add(piece(size * KIB));
    assertThat(body.whole()).hasSize(size * KIB);

    body.drop();

    assertThat(body.whole()).isEmpty();
    assertThat(budget.left()).isEqualTo(left * KIB);
    body.release();
    assertThat(budget.left()).isEqualTo(200 * KIB);
  }

  @Test
  void theUnusedMemoryOfABodyOfUnknownLengthIsReturned() {
    var budget = new BodyBudget(200 * KIB, 0);
    var body = new RequestBody(budget, 200 * KIB, 0);
    body.add(piece(70 * KIB));
    body.add(piece(KIB));
    assertThat(budget.left()).isEqualTo(60 * KIB);

    assertThat(body.whole()).hasSize(71 * KIB).isSameAs(body.whole());

    assertThat(budget.left()).isEqualTo(129 * KIB);
  }

  @Test
  void anAnnouncedLengthReservesNoMemory() {
    var budget = new BodyBudget(100 * KIB, 0);

    new RequestBody(budget, 100 * KIB, 90 * KIB).checkAnnounced();

    assertThat(budget.left()).isEqualTo(100 * KIB);
  }

  @Test
  void aTooLongBodyIsRefusedInAnyPieces() {
    var budget = new BodyBudget(100 * KIB, 0);

    assertThatExceptionOfType(OpenAiException.class)
        .isThrownBy(() -> new RequestBody(budget, KIB, KIB + 1).checkAnnounced())
        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(413));
    assertThatExceptionOfType(OpenAiException.class)
        .isThrownBy(() -> new RequestBody(budget, KIB, 0).add(piece(KIB + 1)))
        .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(413));
  }

  @Test
  void theBudgetAllowsOneBodyOfTheMaximumSize() {
    var budget = new BodyBudget(100 * KIB, 10 * KIB);
    assertThat(budget.take(60 * KIB, 60 * KIB)).isTrue();

    budget.fit(300 * KIB);
    assertThat(budget.left()).isEqualTo(240 * KIB);

    budget.fit(10 * KIB);
    assertThat(budget.left()).isEqualTo(40 * KIB);
    budget.release(60 * KIB);
    assertThat(budget.left()).isEqualTo(100 * KIB);
  }

  @Test
  void theBudgetIsAnEighthOfTheHeapUnlessOneBodyIsLarger() {
    long eighth = Runtime.getRuntime().maxMemory() / 8;

    assertThat(BodyBudget.ofHeap(KIB).left()).isEqualTo(eighth);
    assertThat(BodyBudget.ofHeap(eighth + KIB).left()).isEqualTo(eighth + KIB);
  }

  private static Buffer piece(int length) {
    return Buffer.buffer(new byte[length]);
  }
}
