package io.github.openaikserve.server.ui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium with one page, driven by the Chrome DevTools Protocol. Every wait fails after
 * thirty seconds.
 */
final class Chromium implements AutoCloseable {
  private static final long GIVE_UP_SECONDS = 30;
  private static final String LISTENS = "DevTools listening on ";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private @Nullable String session;

  private Chromium(Process process, URI devTools) throws Exception {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(devTools, new Messages())
            .get(GIVE_UP_SECONDS, TimeUnit.SECONDS);
    String target =
        call("Target.createTarget", Map.of("url", "about:blank")).at("/targetId").asText();
    session =
        call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .at("/sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** Returns the path of the browser, from {@code CHROME_BIN} or the path; empty without one. */
  static Optional<Path> installed() {
    String named = System.getenv("CHROME_BIN");
    String path = System.getenv("PATH");
    Stream<Path> onPath =
        Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
            .flatMap(
                name ->
                    Stream.of(path == null ? "" : path)
                        .flatMap(all -> Stream.of(all.split(File.pathSeparator)))
                        .map(folder -> Path.of(folder, name)));
    return Stream.concat(Stream.ofNullable(named).map(Path::of), onPath)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts the browser with a separate profile. */
  static Chromium start(Path browser, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless=new",
                "--no-sandbox", // as root, in containers
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return new Chromium(process, devTools(process));
    } catch (Exception | Error e) {
      end(process);
      throw e;
    }
  }

  /** Continues to read afterwards, so that the browser's output never blocks it. */
  private static URI devTools(Process process) throws Exception {
    var found = new CompletableFuture<URI>();
    var reader =
        new Thread(
            () -> {
              try (var lines =
                  new BufferedReader(
                      new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  if (line.startsWith(LISTENS)) {
                    found.complete(URI.create(line.substring(LISTENS.length())));
                  }
                }
              } catch (IOException e) {
                found.completeExceptionally(e);
              }
              found.completeExceptionally(new AssertionError("the browser ended"));
            },
            "chromium");
    reader.setDaemon(true);
    reader.start();
    return found.get(GIVE_UP_SECONDS, TimeUnit.SECONDS);
  }

  /** Opens a page, in a window of this size. */
  void open(String url, int width, int height) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    call("Page.navigate", Map.of("url", url));
    await("location.href.startsWith('" + url + "') && document.readyState === 'complete'");
  }

  /** Returns the value of an expression as text. */
  String read(String expression) throws Exception {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.at("/result/value").asText();
  }

  /** Waits until a condition is true on the page. */
  void await(String condition) throws Exception {
    String met =
        read(
            """
            new Promise(resolve => {
              const end = performance.now() + %d;
              const look = () => {
                let met = false;
                try { met = Boolean(%s); } catch { /* not there yet */ }
                if (met || performance.now() > end) resolve(met); else setTimeout(look, 10);
              };
              look();
            })
            """
                .formatted(TimeUnit.SECONDS.toMillis(GIVE_UP_SECONDS) * 2 / 3, condition));
    if (!met.equals("true")) {
      throw new AssertionError(
          "never true: " + condition + "\n" + read("document.body.innerText") + "\n" + problems);
    }
  }

  /** Types into a field as a person would, all at once. */
  void type(String id, String text) throws Exception {
    read("document.getElementById('" + id + "').focus()");
    call("Input.insertText", Map.of("text", text));
  }

  void press(String key) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      Map<String, Object> event = new LinkedHashMap<>(Map.of("type", type, "key", key));
      if (key.equals("Enter") && type.equals("keyDown")) {
        event.put("text", "\r");
      }
      call("Input.dispatchKeyEvent", event);
    }
  }

  void click(String selector) throws Exception {
    await("document.querySelector('" + selector + "')");
    read("document.querySelector('" + selector + "').click()");
  }

  void screenshot(Path file) throws Exception {
    String png = call("Page.captureScreenshot", Map.of("format", "png")).at("/data").asText();
    Files.write(file, Base64.getDecoder().decode(png));
  }

  /** Returns errors of scripts and violations of the page's policy since the last time. */
  List<String> problems() throws Exception {
    read("1"); // earlier events are known afterwards
    List<String> seen = List.copyOf(problems);
    problems.clear();
    return seen;
  }

  private JsonNode call(String method, Map<String, Object> parameters) throws Exception {
    int id = ids.incrementAndGet();
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    if (session != null) {
      message.put("sessionId", session);
    }
    var answer = new CompletableFuture<JsonNode>();
    pending.put(id, answer);
    socket.sendText(JSON.writeValueAsString(message), true).get(GIVE_UP_SECONDS, TimeUnit.SECONDS);
    JsonNode whole = answer.get(GIVE_UP_SECONDS, TimeUnit.SECONDS);
    if (whole.has("error")) {
      throw new AssertionError(method + ": " + whole.get("error"));
    }
    return whole.path("result");
  }

  @Override
  public void close() {
    socket.abort();
    end(process);
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      process.destroyForcibly().waitFor(GIVE_UP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Receives answers and events. */
  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String message = text.toString();
        text.setLength(0);
        received(message);
      }
      from.request(1);
      return null;
    }

    private void received(String message) {
      try {
        JsonNode node = JSON.readTree(message);
        CompletableFuture<JsonNode> asked = pending.remove(node.path("id").asInt(-1));
        if (asked != null) {
          asked.complete(node);
        } else if (isProblem(node)) {
          problems.add(node.path("params").toString());
        }
      } catch (IOException e) {
        problems.add(e.toString());
      }
    }

    /** Chromium logs a status such as 401 as a network error, which is not a problem here. */
    private boolean isProblem(JsonNode event) {
      return switch (event.path("method").asText()) {
        case "Runtime.exceptionThrown" -> true;
        case "Log.entryAdded" -> !event.at("/params/entry/source").asText().equals("network");
        default -> false;
      };
    }
  }
}
