package io.github.openaikserve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.StreamSource;
import io.github.openaikserve.server.testing.Wire;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed requests and answers. */
final class GzipTest extends ServerTest {
  private static final int MAX_BODY = 1 << 20;

  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"gzip, 10", "GZIP, 10", "x-gzip, 100000", "gzip, 0", "identity, 10"})
  void aCompressedBodyIsDecompressed(String encoding, int length) throws Exception {
    start(lengths());
    byte[] body = "a".repeat(length).getBytes(StandardCharsets.UTF_8);

    HttpResponse<String> answer = post(encoding.equals("identity") ? body : gzip(body), encoding);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("length " + length);
  }

  /** 50 MiB of zeros in 50 KiB; memory never exceeds the limit. */
  @Test
  void aBodyThatExpandsOverTheLimitIsRefusedAndReleased() throws Exception {
    start(lengths());
    byte[] bomb = gzip(new byte[50 << 20]);
    assertThat(bomb.length).isLessThan(MAX_BODY);

    for (int i = 0; i < 20; i++) {
      HttpResponse<String> answer = post(bomb, "gzip");
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo("request_too_large");
    }
    assertThat(post(gzip(new byte[MAX_BODY]), "gzip").body()).isEqualTo("length " + MAX_BODY);
  }

  @Test
  void theBudgetCountsDecompressedBytes() throws Exception {
    byte[] zipped = gzip(new byte[600_000]);
    var budget = new BodyBudget(500_000, 0);
    var body = new RequestBody(budget, MAX_BODY, zipped.length);
    body.add(Buffer.buffer(zipped));
    start(lengths());

    assertThat(catchThrowable(body::inflate)).hasMessageContaining("too many large request bodies");
    body.release();
    assertThat(budget.left()).isEqualTo(500_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 20})
  void aBodyThatIsNotGzipIs400(int length) throws Exception {
    start(lengths());
    byte[] whole = gzip("a long text, or rather not".getBytes(StandardCharsets.UTF_8));

    HttpResponse<String> answer = post(Arrays.copyOf(whole, length), "gzip");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("malformed_request");
  }

  @Test
  void aBodyOfManyMembersIsTheirConcatenation() throws Exception {
    start(lengths());
    byte[] empty = gzip(new byte[0]);
    var members = new ByteArrayOutputStream();
    members.writeBytes(gzip(new byte[7]));
    for (int i = 0; i < 20_000; i++) {
      members.writeBytes(empty);
    }
    members.writeBytes(gzip(new byte[5]));

    HttpResponse<String> answer = post(members.toByteArray(), "gzip");

    assertThat(answer.body()).isEqualTo("length 12");
  }

  @Test
  void theOptionalFieldsOfAMemberAreSkipped() throws Exception {
    start(lengths());
    byte[] plain = gzip(new byte[9]);
    byte[] fields = {2, 0, 'e', 'x', 'n', 'a', 'm', 'e', 0, 'c', 0, 1, 2};
    var member = new ByteArrayOutputStream();
    member.write(plain, 0, 10);
    member.writeBytes(fields);
    member.write(plain, 10, plain.length - 10);
    byte[] bytes = member.toByteArray();
    bytes[3] = 2 | 4 | 8 | 16;

    assertThat(post(bytes, "gzip").body()).isEqualTo("length 9");
    for (int cut = 1; cut < bytes.length; cut++) {
      assertThat(post(Arrays.copyOf(bytes, cut), "gzip").statusCode()).isEqualTo(400);
    }
  }

  /** Each byte that decides about the checksum, the size or the form is wrong once. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, -1, -5, -8})
  void aDamagedMemberIs400(int at) throws Exception {
    start(lengths());
    byte[] bytes = gzip(new byte[9]);
    bytes[at < 0 ? bytes.length + at : at] ^= (byte) 0xe0;

    assertThat(post(bytes, "gzip").statusCode()).isEqualTo(400);
    assertThat(post(Arrays.copyOf(gzip(new byte[9]), 200), "gzip").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "deflate", "gzip, gzip", "zstd"})
  void anotherEncodingIs415(String encoding) throws Exception {
    start(lengths());

    assertThat(post(new byte[10], encoding).statusCode()).isEqualTo(415);
  }

  @ParameterizedTest
  @CsvSource({
    "gzip,                      5000, true",
    "'gzip, deflate, br',       5000, true",
    "'br;q=1.0, GZIP;q=0.5',    5000, true",
    "*,                         5000, true",
    "gzip,                      100000, true",
    "gzip,                      100,  false",
    "gzip;q=0,                  5000, false",
    "'gzip; q=0.0, *',          5000, false",
    "identity,                  5000, false",
    "'deflate, br',             5000, false"
  })
  void aWholeResponseIsCompressedIfTheClientAcceptsGzip(
      String accepted, int length, boolean compressed) throws Exception {
    String text = "b".repeat(length);
    start(new Script(request -> CompletableFuture.completedFuture(Script.text(200, text))));

    HttpResponse<byte[]> answer =
        client.send(
            request().header("accept-encoding", accepted).build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(answer.headers().allValues("vary")).contains("accept-encoding");
    assertThat(answer.headers().firstValue("content-encoding").isPresent()).isEqualTo(compressed);
    assertThat(answer.headers().firstValue("content-length"))
        .contains(String.valueOf(answer.body().length));
    assertThat(compressed ? gunzip(answer.body()) : answer.body())
        .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aStreamIsNeverCompressed() throws Exception {
    var source = new StreamSource();
    start(source.asScript());

    try (Wire wire = connect()) {
      wire.send("GET /x HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\n\r\n");
      source.send("data: " + "c".repeat(5000) + "\n\n");

      assertThat(wire.readUntil("ccc")).doesNotContain("content-encoding");
      source.subscriber.join().onComplete();
    }
  }

  @Test
  void aCompressedResponseIsNotCompressedAgain() throws Exception {
    byte[] zipped = gzip(new byte[10 << 20]);
    start(
        new Script(
            request ->
                CompletableFuture.completedFuture(
                    new ApiResponse(200, Map.of("content-encoding", "gzip"), ApiBody.of(zipped)))));

    HttpResponse<byte[]> answer =
        client.send(
            request().header("accept-encoding", "gzip").build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(answer.body()).isEqualTo(zipped);
  }

  private static Script lengths() {
    return new Script(
        request ->
            CompletableFuture.completedFuture(Script.text(200, "length " + request.body().length)));
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/x"));
  }

  private HttpResponse<String> post(byte[] body, String encoding) throws Exception {
    return client.send(
        request()
            .header("content-encoding", encoding)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] gunzip(byte[] zipped) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes();
  }

  private void start(Script script) throws IOException {
    server =
        ReferenceServer.start(
            script,
            ServerOptions.builder().maxBody(MAX_BODY).gracePeriod(Duration.ofSeconds(10)).build());
  }
}
