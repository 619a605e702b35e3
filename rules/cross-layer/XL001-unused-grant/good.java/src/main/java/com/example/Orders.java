package com.example;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

public class Orders {
  private final Store store;

  public Orders() {
    this(new TableStore(DynamoDbClient.create(), System.getenv("TABLE")));
  }

  Orders(Store store) {
    this.store = store;
  }

  public void find(String id) {
    store.find(id);
  }
}
