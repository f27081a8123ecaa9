package io.github.openaikserve.openai;

/**
 * A model that is served. Immutable.
 *
 * @param created seconds since 1970
 */
public record Model(String id, long created, String ownedBy) {}
