package io.github.openaikserve.internal.http;

/**
 * The actions at the end of a stream of events. Immutable.
 *
 * @param abortsFailed whether a failed answer also fails the stream
 * @param log receives a failure
 * @param onTerminated runs at the end of the answer
 */
record SseEnd(boolean abortsFailed, RequestLog log, Runnable onTerminated) {}
