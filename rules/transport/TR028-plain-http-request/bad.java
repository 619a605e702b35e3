package com.example;

import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import org.apache.http.client.methods.HttpGet;

public class Rates {
  private static final String BASE = "http://api.partner.test/v1";

  public String handleRequest(String order, Object context) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://rates.bank.test/eur")).GET().build(); // leastwise: TR028
    HttpRequest other = HttpRequest.newBuilder()
        .uri(URI.create(BASE + "/orders/" + order)) // leastwise: TR028
        .build();
    new HttpGet("http://feeds.partner.test/all"); // leastwise: TR028
    new URL("http://rates.bank.test/usd").openConnection(); // leastwise: TR028
    return HttpClient.newHttpClient().send(request, null).toString() + other;
  }
}
