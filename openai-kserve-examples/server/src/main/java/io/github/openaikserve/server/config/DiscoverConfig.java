package io.github.openaikserve.server.config;

import java.util.Optional;

/** A model server whose recognized models are all served. Immutable. */
public record DiscoverConfig(Optional<String> backend, ChatConfig chat, TimeoutConfig timeouts) {}
