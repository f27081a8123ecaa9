/**
 * From a request record to the chunks of its answer.
 *
 * <p>Here lives what happens between OpenAI's objects and a dialect: routes, the handling of each
 * field, and the steps that every response passes. No JSON and no HTTP ever does. Begin with {@link
 * io.github.openaikserve.internal.answer.Engine}.
 */
@NullMarked
package io.github.openaikserve.internal.answer;

import org.jspecify.annotations.NullMarked;
