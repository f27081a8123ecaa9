package io.github.openaikserve.examples.ktor

import io.github.openaikserve.OpenAiKServe
import io.github.openaikserve.dialect.Dialects
import io.github.openaikserve.grpc.GrpcBackend
import io.github.openaikserve.http.ApiRequest
import io.github.openaikserve.http.OpenAiHandler
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.request.contentLength
import io.ktor.server.request.httpMethod
import io.ktor.server.request.receive
import io.ktor.server.request.uri
import io.ktor.server.response.header
import io.ktor.server.response.respondBytesWriter
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import io.ktor.util.toMap
import io.ktor.utils.io.writeFully
import kotlinx.coroutines.future.await
import kotlinx.coroutines.jdk9.asFlow

/** Serves the AnyServe at `host:port`, the first argument, on a port, the second. */
fun main(args: Array<String>) {
  val backend = GrpcBackend.connect(args.firstOrNull() ?: "localhost:8000")
  val openai = OpenAiKServe.builder(backend).model("llamacpp", Dialects.ANYSERVE).build()
  server(openai.httpHandler(), args.getOrNull(1)?.toInt() ?: 8080).start(wait = true)
}

/** OpenAI's API in Ktor. A coroutine that is cancelled cancels the call. */
fun server(handler: OpenAiHandler, port: Int) =
  embeddedServer(CIO, port, "127.0.0.1") {
    routing { route("/v1/{...}") { handle { call.answer(handler) } } }
  }

private suspend fun ApplicationCall.answer(handler: OpenAiHandler) {
  val headers = request.headers.toMap()
  val hasContent =
    (request.contentLength() ?: 0) > 0 || HttpHeaders.TransferEncoding in request.headers
  val content = if (hasContent) receive<ByteArray>() else ByteArray(0)
  val answer =
    handler.handle(ApiRequest(request.httpMethod.value, request.uri, headers, content)).await()
  answer.body().use { body ->
    answer
      .headers()
      .filterKeys { !HttpHeaders.isUnsafe(it) } // these are Ktor's own
      .forEach { (name, value) -> response.header(name, value) }
    val type = answer.headers()["content-type"]?.let { ContentType.parse(it) }
    val length = body.length().takeIf { it >= 0 }
    respondBytesWriter(type, HttpStatusCode.fromValue(answer.status()), length) {
      body.asFlow().collect { bytes ->
        writeFully(bytes)
        flush()
      }
    }
  }
}
