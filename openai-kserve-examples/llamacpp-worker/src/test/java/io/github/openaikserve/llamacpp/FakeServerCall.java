package io.github.openaikserve.llamacpp;

import io.grpc.stub.ServerCallStreamObserver;

/** A call whose client reads or cancels only when a test says so. */
final class FakeServerCall extends ServerCallStreamObserver<String> {
  private Runnable onReady = () -> {};
  private volatile boolean ready;
  private volatile boolean cancelled;

  void becomeReady() {
    ready = true;
    onReady.run();
  }

  void cancel() {
    cancelled = true;
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {
    onReady = handler;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {}

  @Override
  public void setCompression(String compression) {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}

  @Override
  public void onNext(String value) {}

  @Override
  public void onError(Throwable failure) {}

  @Override
  public void onCompleted() {}
}
