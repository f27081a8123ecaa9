package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.Setting;
import java.util.Optional;

/** A model server whose recognized models are all served. Immutable. */
public record DiscoverConfig(
    @Setting(value = "Name of the model server.", unset = "the only one") Optional<String> backend,
    ChatConfig chat,
    TimeoutConfig timeouts) {}
