package io.github.openaikserve.httpclient;

import io.github.openaikserve.http.ApiResponse;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The status and the headers of a response. Immutable. */
record Head(int statusCode, HttpHeaders headers, HttpClient.Version version)
    implements HttpResponse.ResponseInfo {

  static Head of(ApiResponse response, HttpClient.Version version) {
    Map<String, List<String>> headers = new TreeMap<>();
    response.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    if (response.body().length() >= 0) {
      headers.put("content-length", List.of(Long.toString(response.body().length())));
    }
    return new Head(response.status(), HttpHeaders.of(headers, (name, value) -> true), version);
  }
}
