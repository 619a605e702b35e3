package com.example;

import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import javax.net.ssl.HttpsURLConnection;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.utils.AttributeMap;

class Clients {
  CloseableHttpClient client() {
    return HttpClients.custom() // leastwise: TR029
        .setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE)
        .build();
  }

  void everywhere() {
    HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true); // leastwise: TR029
  }

  AttributeMap options() {
    return AttributeMap.builder().put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true).build(); // leastwise: TR029
  }
}
