package io.github.openaikserve.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestSummaryTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'prompt':'12345678'} | 18",
        "{'prompt':'12345678','max_tokens':100} | 102",
        "{'max_completion_tokens':100,'n':3,'messages':[{'role':'user','content':'12345678'}]} |"
            + " 303",
        "{'prompt':[1,2,3,4],'max_tokens':1} | 5",
        "{'input':['1234','1234'],'max_tokens':1} | 3",
        "{'max_tokens':99999999999999,'prompt':''} | 2147483647",
        "{'max_tokens':-5,'prompt':''} | 1",
        "{'max_tokens':1,'system':'1234','messages':[{'role':'user','content':'1234'}]} | 4",
        "{'max_tokens':'many','prompt':''} | 16",
        "{'n':1000000,'max_tokens':1} | 128",
        "{'metadata':{'max_tokens':500,'model':'x'}} | 16",
        "{'messages':[{'content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}]}]}"
            + " | 1018",
      })
  void tokensAreEstimated(String body, long tokens) {
    RequestSummary summary = summary(body);

    assertThat(summary.readable()).isTrue();
    assertThat(summary.models()).isEmpty();
    assertThat(summary.tokens()).isEqualTo(tokens);
  }

  @Test
  void everyModelInTheBodyIsFound() {
    assertThat(summary("{'model':'a','x':{'model':'no'},'model':'b','\\u006dodel':'c'}").models())
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(summary("{'model':7}").models()).isEmpty();
    assertThat(summary("{'model':{'model':'x'}}").models()).isEmpty();
    assertThat(summary("{'model':null}").models()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "7", "{", "{'model':'a'", "{'model':}", "{'a':1} x", "{'a':'b\u0001'}"})
  void aBodyThatIsNotAnObjectIsNotReadable(String body) {
    assertThat(summary(body).readable()).isFalse();
  }

  private static RequestSummary summary(String body) {
    return RequestSummary.of(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
