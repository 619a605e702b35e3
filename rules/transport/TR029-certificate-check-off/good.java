package com.example;

import java.net.http.HttpClient;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.utils.AttributeMap;

class Clients {
  HttpClient client(SSLContext authority) {
    return HttpClient.newBuilder().sslContext(authority).build();
  }

  void everywhere(String partner) {
    HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> host.equals(partner));
  }

  AttributeMap options() {
    return AttributeMap.builder().put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, false).build();
  }
}
