package io.github.openaikserve.spring;

import io.github.openaikserve.OpenAiKServe;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * Graceful shutdown: ends the calls that still run when the application stops, so that each stream
 * ends with an error event.
 *
 * <p>Spring stops phases in descending order. First, in the phase of graceful shutdown, the web
 * server refuses new requests and waits for the running ones, up to {@code
 * spring.lifecycle.timeout-per-shutdown-phase}. Then, in this phase, the service waits for calls up
 * to its own {@code shutdown-timeout}, ends the others with an error, and waits until streams are
 * written. Then the web server stops. Finally the backends are closed, with the other beans.
 *
 * <p><b>Source:</b> {@code WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE} and {@code
 * START_STOP_LIFECYCLE_PHASE}, which moved in Spring Boot 4 but kept their values.
 */
final class ServiceDrain implements SmartLifecycle {
  /** Between graceful shutdown (default phase - 1024) and stop (- 2048). */
  static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1536;

  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(5);
  private static final int END_MILLIS = 200;

  private final OpenAiKServe openai;
  private final DrainableHandler handler;
  private volatile boolean running;

  ServiceDrain(OpenAiKServe openai, DrainableHandler handler) {
    this.openai = openai;
    this.handler = handler;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    boolean streams = handler.isStreaming();
    openai.close();
    try {
      if (handler.awaitWritten(WRITE_TIMEOUT) && streams) {
        // The web server has received the last event, but must still write the end of the response.
        Thread.sleep(END_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
