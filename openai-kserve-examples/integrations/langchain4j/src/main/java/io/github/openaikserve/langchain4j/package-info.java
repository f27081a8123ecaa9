/**
 * LangChain4j's models over an {@link io.github.openaikserve.OpenAiKServe} in the same process.
 * Begin with {@link io.github.openaikserve.langchain4j.KServeChatModel}.
 */
@NullMarked
package io.github.openaikserve.langchain4j;

import org.jspecify.annotations.NullMarked;
