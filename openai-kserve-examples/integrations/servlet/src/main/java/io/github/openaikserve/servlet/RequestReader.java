package io.github.openaikserve.servlet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Reads the body of a request up to a limit. Called by one thread at a time. */
final class RequestReader implements ReadListener {
  private static final int BUFFER = 8 << 10;

  private final ServletInputStream in;
  private final int maxBody;
  private final Exchange exchange;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean done;

  RequestReader(ServletInputStream in, int maxBody, Exchange exchange) {
    this.in = in;
    this.maxBody = maxBody;
    this.exchange = exchange;
  }

  @Override
  public void onDataAvailable() throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (!done && in.isReady()) {
      int count = in.read(buffer);
      if (count < 0) {
        return;
      }
      if (count > maxBody - body.size()) {
        done = true;
        exchange.refuseBody();
      } else {
        body.write(buffer, 0, count);
      }
    }
  }

  @Override
  public void onAllDataRead() {
    if (!done) {
      done = true;
      exchange.handle(body.toByteArray());
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!done) {
      done = true;
      exchange.complete();
    }
  }
}
