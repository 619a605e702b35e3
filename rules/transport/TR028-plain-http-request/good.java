package com.example;

import java.net.URI;
import java.net.URL;
import java.net.http.HttpRequest;

/** The documentation is at http://docs.partner.test/ */
public class Rates {
  private static final String NAMESPACE = "http://www.w3.org/2005/Atom";

  public String handleRequest(String order, Object context) throws Exception {
    HttpRequest.newBuilder(URI.create("https://rates.bank.test/eur")).GET().build();
    HttpRequest.newBuilder(URI.create("http://localhost:2773/secretsmanager/get?secretId=x")).build();
    HttpRequest.newBuilder(URI.create("http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/next")).build();
    new URL(System.getenv("PARTNER_URL")).openConnection();
    return NAMESPACE;
  }
}
