package io.github.openaikserve.server.limits;

/**
 * What one client has used since this process began to count for it. Immutable.
 *
 * @param name the name of the key, or {@code tenant:} and the name of the tenant
 * @param refused the requests that a limit has refused
 * @param inFlight the requests whose answers have not ended
 */
public record ClientUsage(
    String name, long requests, long refused, long inputTokens, long outputTokens, int inFlight) {}
