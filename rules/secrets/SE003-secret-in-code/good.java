package com.example;

import java.sql.Connection;
import java.sql.DriverManager;

class Database {
  private static final String PASSWORD = System.getenv("DB_PASSWORD");
  private static final String SECRET_NAME = "shop/db/password-1";
  private static final String TOKEN_URL = "https://login.shop.test/oauth2/token";
  private static final String API_KEY_HEADER = "x-api-key";
  private static final String DEFAULT_PASSWORD = "changeme";

  Connection connect() throws Exception {
    if (PASSWORD == null) {
      throw new IllegalStateException("the password must have 8 characters or more");
    }
    return DriverManager.getConnection("jdbc:postgresql://db.shop.test/orders", "app", PASSWORD);
  }
}
