/**
 * The public API: OpenAI's API over any model server that implements KServe v2.
 *
 * <p>A resource, such as {@link io.github.openaikserve.ChatCompletions}, starts calls and waits for
 * them; the work is done in the {@code internal} packages. Start with {@link
 * io.github.openaikserve.OpenAiKServe}.
 */
@NullMarked
package io.github.openaikserve;

import org.jspecify.annotations.NullMarked;
