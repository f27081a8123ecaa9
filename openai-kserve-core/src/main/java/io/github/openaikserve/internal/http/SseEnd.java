package io.github.openaikserve.internal.http;

/**
 * What the end of a stream of events means to its request. Immutable.
 *
 * @param abortsFailed whether an answer that fails also fails the stream
 * @param log receives a failure
 * @param onTerminated runs at the end of the answer
 */
record SseEnd(boolean abortsFailed, RequestLog log, Runnable onTerminated) {}
