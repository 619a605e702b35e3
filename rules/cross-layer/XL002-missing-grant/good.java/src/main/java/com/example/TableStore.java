package com.example;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

class TableStore implements Store {
  private final DynamoDbClient client;
  private final String table;

  TableStore(DynamoDbClient client, String table) {
    this.client = client;
    this.table = table;
  }

  @Override
  public void find(String id) {
    var key = Map.of("id", AttributeValue.fromS(id));
    client.getItem(GetItemRequest.builder().tableName(table).key(key).build());
  }

  @Override
  public void all() {
    client.scan(s -> s.tableName(table));
  }
}
