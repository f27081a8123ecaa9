/**
 * The formats in which models write reasoning and tool calls, and the parser that reads them.
 *
 * <p>A {@link io.github.openaikserve.chat.format.ModelFormat} describes a model. The curated
 * formats are rows of two tables, {@link io.github.openaikserve.chat.format.ToolCallFormats} and
 * {@link io.github.openaikserve.chat.format.ReasoningFormats}. Other formats are derived from the
 * rendering of a chat template.
 */
@NullMarked
package io.github.openaikserve.chat.format;

import org.jspecify.annotations.NullMarked;
