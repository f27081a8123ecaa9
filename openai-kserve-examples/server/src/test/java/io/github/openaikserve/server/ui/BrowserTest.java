package io.github.openaikserve.server.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import io.github.openaikserve.server.key.ApiKeyHandler;
import io.github.openaikserve.server.key.ScopeRule;
import io.github.openaikserve.server.testing.Wait;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser; skipped if there is none, see {@code CHROME_BIN}. */
final class BrowserTest {
  private static final String LAST_ANSWER =
      "[...document.querySelectorAll('.answer')].at(-1).textContent";
  private static final String IDLE =
      "!document.getElementById('send').hidden && document.querySelector('.facts')";

  @TempDir private static @Nullable Path profile;
  private static @Nullable Chromium shared;

  private @Nullable ReferenceServer server;

  @BeforeAll
  static void startBrowser() throws Exception {
    Optional<Path> browser = Chromium.installed();
    assumeTrue(browser.isPresent(), "no Chromium: CHROME_BIN may name one");
    if (profile != null) {
      shared = Chromium.start(browser.get(), profile);
    }
  }

  @AfterAll
  static void closeBrowser() {
    if (shared != null) {
      shared.close();
    }
  }

  @AfterEach
  void close() throws Exception {
    if (server != null) {
      server.close();
    }
    if (shared != null) {
      assertThat(shared.problems()).isEmpty();
    }
  }

  private static Chromium page() {
    if (shared == null) {
      throw new IllegalStateException("the browser was not started");
    }
    return shared;
  }

  @Test
  void anAnswerStreamsIntoThePage() throws Exception {
    open(
        api(FakeBackend.tokens("Use ", "`a`:\n", "```java\nint a", " = 1;\n```\n", "<img src=x>")));
    page().await("document.getElementById('model').options.length > 0");
    page().type("prompt", "What is a tensor?");
    page().press("Enter");

    page().await(IDLE);
    assertThat(page().read(LAST_ANSWER)).isEqualTo("Use a:\nint a = 1;<img src=x>");
    assertThat(page().read("document.querySelectorAll('.answer img').length")).isEqualTo("0");
    assertThat(page().read("document.querySelector('.answer pre').textContent"))
        .isEqualTo("int a = 1;");
    assertThat(page().read("document.querySelector('.bubble').textContent"))
        .isEqualTo("What is a tensor?");
    assertThat(page().read("document.getElementById('raw-request').textContent"))
        .contains("\"stream\": true", "What is a tensor?");
    assertThat(page().read("document.getElementById('raw-events').textContent"))
        .contains("chat.completion.chunk", "data: [DONE]");
    assertThat(page().read("document.getElementById('raw-curl').textContent"))
        .startsWith("curl 'http://127.0.0.1:")
        .contains("/v1/chat/completions'");
    assertThat(page().read("document.querySelector('.facts').textContent")).contains("tokens out");
    page().screenshot(target("ui-chat.png"));
  }

  @Test
  void stopCancelsTheCall() throws Exception {
    FakeBackend backend =
        FakeBackend.answering(call -> ScriptedResponse.tokens(call, "Once", " upon").thenHangs());
    open(api(backend));
    page().type("prompt", "A story");
    page().press("Enter");
    page().await(LAST_ANSWER + ".includes('Once')");

    page().click("#stop");
    page().await(IDLE);
    assertThat(page().read("document.querySelector('.facts').textContent")).contains("stopped");
    assertThat(page().read("document.getElementById('announce').textContent"))
        .isEqualTo("The answer was stopped.");
    Wait.until(() -> backend.cancellations() > 0);
  }

  @Test
  void theResultOfAToolCallIsRequestedAndSent() throws Exception {
    FakeBackend backend =
        FakeBackend.answers(
            List.of(
                "<think>",
                "Ask the tool",
                "</think>",
                "<tool_call>\n"
                    + "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n"
                    + "</tool_call>"),
            List.of("It rains."));
    open(api(backend));
    page().click("#tools-example");
    page().type("prompt", "Weather in Paris?");
    page().press("Enter");
    page().await("document.querySelector('.call')");
    assertThat(page().read("document.querySelector('.call').textContent"))
        .contains("get_weather", "\"city\": \"Paris\"");
    assertThat(page().read("document.querySelector('details.reasoning').open")).isEqualTo("false");
    assertThat(page().read("document.querySelector('details.reasoning div').textContent"))
        .isEqualTo("Ask the tool");

    page().type("result-2-0", "{\"rain\": true}");
    page().click(".call ~ .facts .primary");
    page().await(LAST_ANSWER + " === 'It rains.'");
    assertThat(page().read("document.getElementById('raw-request').textContent"))
        .contains("\"role\": \"tool\"", "{\\\"rain\\\": true}", "\"tool_call_id\"");
    assertThat(backend.calls().stream().filter(call -> call.rpc() == Rpc.MODEL_STREAM_INFER))
        .hasSize(2);
  }

  @Test
  void aFailureIsShownAndTheMessageCanBeSentAgain() throws Exception {
    open(
        api(
            FakeBackend.answering(
                call ->
                    ScriptedResponse.of(List.of())
                        .thenFails(new BackendException(BackendCode.UNAVAILABLE, "down")))));
    page().type("prompt", "Hello");
    page().press("Enter");

    page().await("document.querySelector('.error[role=alert]:not([hidden])')");
    assertThat(page().read("document.querySelector('#turns .error').textContent"))
        .startsWith("503");
    assertThat(page().read("document.getElementById('prompt').value")).isEqualTo("Hello");
    page().read("document.getElementById('tools').value = '{'");
    page().click("#send");
    page().await("document.getElementById('tools-invalid').textContent !== ''");
  }

  @Test
  void aKeyIsRequestedAndStoredInTheTab() throws Exception {
    open(new ApiKeyHandler(api(FakeBackend.tokens("Hi")), List.of("sesame")));
    page().await("document.getElementById('key-dialog').open");
    page().type("key", "wrong");
    page().press("Enter");
    page().await("document.getElementById('key-text').textContent.includes('does not know')");
    page().read("document.getElementById('key').value = ''");
    page().type("key", "sesame");
    page().press("Enter");

    page().await("document.getElementById('model').options.length > 0");
    assertThat(page().read("sessionStorage.getItem('openai-kserve-key')")).isEqualTo("sesame");
    page().type("prompt", "Hello");
    page().press("Enter");
    page().await(IDLE);
    assertThat(page().read(LAST_ANSWER)).isEqualTo("Hi");
    assertThat(page().read("document.getElementById('raw-curl').textContent"))
        .contains("$OPENAI_API_KEY")
        .doesNotContain("sesame");
    page().read("sessionStorage.clear()");
  }

  @Test
  void theStatusIsLive() throws Exception {
    var status = new ServerStatus("1.2.3", System::nanoTime);
    BalancedBackend backend =
        BalancedBackend.around("gpu-1:8001", FakeBackend.tokens("a", "b", "c"));
    status.backends(Map.of("gpu", backend), Map.of());
    OpenAiKServe openai =
        OpenAiKServe.builder(backend)
            .listener(status.listener())
            .model("m", Dialects.ANYSERVE)
            .build();
    status.models(openai::checkAsync, Map.of("m", "gpu"));
    open(new StatusHandler(openai.httpHandler(), status, ScopeRule.withoutKeys(true)), "#status");
    page().await("document.getElementById('ready').textContent === 'Ready'");
    assertThat(page().read("document.getElementById('about').textContent")).contains("1.2.3");
    assertThat(page().read("document.getElementById('backends').textContent"))
        .contains("gpu", "gpu-1:8001", "Available", "Closed");
    assertThat(page().read("document.getElementById('models').textContent")).contains("m");

    openai.chatCompletions().create(r -> r.user("Hello"));
    page().await("document.getElementById('about').textContent.includes('1 calls, 3 tokens')");
    page().await("document.querySelector('#tile-tokens .axis').textContent !== '2 minutespeak 0'");
    assertThat(page().read("document.querySelector('#tile-tokens .stroke').getAttribute('d')"))
        .startsWith("M")
        .contains("L");
    page().screenshot(target("ui-status.png"));
  }

  @Test
  void aForbiddenStatusShowsTheReason() throws Exception {
    OpenAiHandler api = api(FakeBackend.tokens("a"));
    open(
        new StatusHandler(
            api, new ServerStatus("1", System::nanoTime), ScopeRule.forKeys(request -> null)),
        "#status");

    page().await("!document.getElementById('status-error').hidden");
    assertThat(page().read("document.getElementById('status-error').textContent"))
        .startsWith("403 missing_scope");
  }

  @Test
  void thePolicyBlocksInjectedScriptsAndReportsThem() throws Exception {
    open(api(FakeBackend.tokens("a")));
    page()
        .read(
            "{const script = document.createElement('script'); script.textContent = 'evil = 1';"
                + " document.body.append(script); typeof evil}");

    assertThat(page().read("typeof evil")).isEqualTo("undefined");
    assertThat(page().problems()).singleElement().asString().contains("Content Security Policy");
  }

  @Test
  void thePageFitsAPhone() throws Exception {
    open(api(FakeBackend.tokens("a")));
    page().open(url(""), 390, 780);

    assertThat(page().read("document.documentElement.scrollWidth <= innerWidth")).isEqualTo("true");
    assertThat(page().read("getComputedStyle(document.getElementById('settings')).display"))
        .isEqualTo("none");
    page().click("#settings-toggle");
    page().await("getComputedStyle(document.getElementById('settings')).display !== 'none'");
    page().click("#tab-status");
    page().await("!document.getElementById('view-status').hidden");
    assertThat(page().read("document.documentElement.scrollWidth <= innerWidth")).isEqualTo("true");
  }

  private static OpenAiHandler api(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model(
            "m",
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.CHATML)
                    .toolCallFormat(ToolCallFormats.HERMES)
                    .reasoningFormat(ReasoningFormats.THINK))
        .build()
        .httpHandler();
  }

  private void open(OpenAiHandler handler) throws Exception {
    open(handler, "");
  }

  private void open(OpenAiHandler handler, String hash) throws Exception {
    server = ReferenceServer.start(new PageHandler(handler), ServerOptions.defaults());
    page().open(url(hash), 1280, 800);
  }

  private String url(String hash) {
    if (server == null) {
      throw new IllegalStateException("the server was not started");
    }
    return "http://127.0.0.1:" + server.port() + "/" + hash;
  }

  private static Path target(String name) throws IOException {
    return Files.createDirectories(Path.of("target")).resolve(name);
  }
}
