package com.example;

import java.sql.Connection;
import java.sql.DriverManager;

class Database {
  private static final String API_KEY = "q7Zt42kf9Lmw0xRb83Va"; // leastwise: SE003

  Connection connect() throws Exception {
    String password = "kV7!rum1nant-42"; // leastwise: SE003
    String url = "postgres://app:kV7ruminant42@db.shop.test/orders"; // leastwise: SE003
    return DriverManager.getConnection(url, "app", password);
  }
}
