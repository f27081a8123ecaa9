package io.github.openaikserve.benchmarks;

import java.util.concurrent.Flow;

/** The subscription to a publisher that never emits. */
enum Silence implements Flow.Subscription {
  SUBSCRIPTION;

  @Override
  public void request(long n) {}

  @Override
  public void cancel() {}
}
