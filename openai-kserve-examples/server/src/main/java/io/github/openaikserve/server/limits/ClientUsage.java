package io.github.openaikserve.server.limits;

/**
 * The usage of one client since its account was created. Immutable.
 *
 * @param name the name of the key, or {@code tenant:} and the name of the tenant
 * @param requests the number of admitted requests
 * @param refused the number of requests that exceeded a limit
 * @param inFlight the number of requests whose responses have not ended
 */
public record ClientUsage(
    String name, long requests, long refused, long inputTokens, long outputTokens, int inFlight) {}
