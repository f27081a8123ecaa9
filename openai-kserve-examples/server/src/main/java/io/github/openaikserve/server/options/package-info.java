/**
 * Declared options: a record is a section of the configuration, and each of its components is an
 * option.
 *
 * <p>To add an option: (1) Add a component with a {@link
 * io.github.openaikserve.server.options.Setting} to a record of {@code server.config}, with its
 * sentence, its default as a user writes it, and its flag if it has one. (2) The component's name
 * is the key, and its type determines how values are read. Flags, variables, {@code --help},
 * errors, {@code config} and the JSON schema follow. (3) Put rules over several options into the
 * record's constructor, which throws a {@link io.github.openaikserve.server.options.Mistake}. (4)
 * Use it: {@code config.server().option()}. (5) Run {@code ServerPageTest} with {@code
 * -Dwrite.pages=true}, which writes the tables of SERVER.md and {@code config.schema.json}.
 */
@NullMarked
package io.github.openaikserve.server.options;

import org.jspecify.annotations.NullMarked;
