package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.github.openaikserve.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms as clients send them, and as nobody should. */
final class MultipartFormTest {
  private static final String TYPE = "multipart/form-data; boundary=b";
  private static final String FORM =
      "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper\r\n"
          + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
          + "Content-Type: audio/wav\r\n\r\nRIFF\r\n--\0b\r\n--b--\r\n";

  @Test
  void partsHaveTheirNamesAndBytes() {
    List<MultipartForm.Part> parts = read(FORM);

    assertThat(parts).extracting(MultipartForm.Part::name).containsExactly("model", "file");
    assertThat(parts.get(0).text()).isEqualTo("whisper");
    assertThat(parts.get(0).filename()).isNull();
    assertThat(parts.get(1).filename()).isEqualTo("a.wav");
    assertThat(parts.get(1).text()).isEqualTo("RIFF\r\n--\0b");
    assertThat(parts.get(1).content().isReadOnly()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--b\r\ncontent-disposition:form-data;name=x\r\n\r\n\r\n--b--",
        "a preamble\r\n--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n--b--\r\nan epilogue",
        "--b  \t\r\nX-Y: z\r\nContent-Disposition: FORM-DATA; foo=\"a;b\"; name=\"x\"\r\n\r\n\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n--b--"
      })
  void everySyntaxOfTheStandardIsRead(String body) {
    List<MultipartForm.Part> parts = read(body);

    assertThat(parts).extracting(MultipartForm.Part::name).containsExactly("x");
    assertThat(parts.get(0).text()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "multipart/form-data; boundary=b",
        "Multipart/Form-Data;boundary=\"b\"",
        "multipart/form-data; charset=utf-8; Boundary=b"
      })
  void theBoundaryIsAParameterOfTheContentType(String type) {
    assertThat(MultipartForm.read(type, bytes(FORM))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"a\\\"\"",
        "multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void aBoundaryIsOneToSeventyCharactersOfTheStandard(String type) {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class, () -> MultipartForm.read(type, bytes(FORM)));

    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.code()).isEqualTo("invalid_form");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "", "multipart/mixed; boundary=b"})
  void anotherContentTypeIsUnsupported(String type) {
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class, () -> MultipartForm.read(type, bytes(FORM)));

    assertThat(refusal.status()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--b",
        "--c\r\n",
        "--b\r\n",
        "--bx\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nno end",
        "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n--b",
        "--b\r\nContent-Disposition: form-data\r\n\r\n\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\n\r\n--b--",
        "--b\r\n\r\nno headers\r\n--b--",
        "--b\r\nno colon\r\n\r\n\r\n--b--",
        "--b\r\nContent-Disposition: form-data;\r\n name=\"x\"\r\n\r\n\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"x\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n--b--"
      })
  void aBodyThatIsNotAFormIsRejected(String body) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> read(body))
        .satisfies(e -> assertThat(e.status()).isEqualTo(400))
        .satisfies(e -> assertThat(e.code()).isEqualTo("invalid_form"));
  }

  @Test
  void thereIsALimitOfParts() {
    String part = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n";

    assertThat(read(part.repeat(MultipartForm.MAX_PARTS) + "--b--"))
        .hasSize(MultipartForm.MAX_PARTS);
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> read(part.repeat(MultipartForm.MAX_PARTS + 1) + "--b--"))
        .withMessageContaining("more than 64 parts");
  }

  @Test
  void thereIsALimitOfHeaders() {
    String body = "--b\r\nX: " + "x".repeat(MultipartForm.MAX_HEADERS) + "\r\n\r\n\r\n--b--";

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> read(body))
        .withMessageContaining("8192 bytes");
  }

  @Test
  void textOfAFieldIsUtf8() {
    byte[] body = bytes("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n?\r\n--b--");
    body[indexOf(body, (byte) '?')] = (byte) 0xff;

    MultipartForm.Part part = MultipartForm.read(TYPE, body).get(0);

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(part::text)
        .satisfies(e -> assertThat(e.param()).isEqualTo("x"));
    assertThat(read("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\uFFFD\r\n--b--"))
        .first()
        .satisfies(valid -> assertThat(valid.text()).isEqualTo("\uFFFD"));
  }

  /** Content that is full of beginnings of the boundary costs no more than any other. */
  @Test
  void theTimeIsLinearInTheBody() {
    String boundary = "a".repeat(70);
    String begun = "\r\n--" + "a".repeat(69) + "b";
    byte[] body =
        bytes(
            "--%s\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n".formatted(boundary)
                + begun.repeat((16 << 20) / begun.length()));

    InvalidRequestException refusal =
        assertTimeout(
            Duration.ofSeconds(20),
            () ->
                catchThrowableOfType(
                    InvalidRequestException.class,
                    () -> MultipartForm.read("multipart/form-data; boundary=" + boundary, body)));

    assertThat(refusal).hasMessageContaining("a part has no closing boundary");
  }

  /** Nothing but the exception of a form that is wrong, whatever the bytes. */
  @Test
  void changedFormsAreReadOrRefused() {
    var random = new Random(7);
    byte[] form = bytes(FORM);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = Arrays.copyOf(form, random.nextInt(form.length + 1));
      for (int changes = random.nextInt(4); changes > 0 && changed.length > 0; changes--) {
        changed[random.nextInt(changed.length)] =
            "\r\n-b:;=\"\\ \0x".getBytes(StandardCharsets.US_ASCII)[random.nextInt(12)];
      }
      try {
        MultipartForm.read(TYPE, changed).forEach(MultipartForm.Part::text);
      } catch (InvalidRequestException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static int indexOf(byte[] bytes, byte sought) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == sought) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }

  private static List<MultipartForm.Part> read(String body) {
    return MultipartForm.read(TYPE, bytes(body));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
