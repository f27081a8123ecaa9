/**
 * The reference server's configuration: what can be said, and reading it from YAML.
 *
 * <p>One record for each section, one reader beside it. A reader asks its {@link
 * io.github.openaikserve.server.config.Section} for keys by name; what nobody asked for is an
 * unknown key. A new section is a record, a reader and one line in {@link
 * io.github.openaikserve.server.config.ConfigFile}. Nothing here opens anything.
 */
@NullMarked
package io.github.openaikserve.server.config;

import org.jspecify.annotations.NullMarked;
