package com.example;

import com.amazonaws.regions.Regions;
import com.amazonaws.services.sqs.AmazonSQS;
import com.amazonaws.services.sqs.AmazonSQSClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

public class Export {
  private final DynamoDbClient table = DynamoDbClient.create();
  private final S3Client exports = S3Client.builder()
      .region(Region.US_EAST_1) // leastwise: RG021
      .build();
  private final AmazonSQS queue =
      AmazonSQSClientBuilder.standard().withRegion(Regions.AP_SOUTHEAST_2).build(); // leastwise: RG021

  public String handleRequest(Object event, Object context) {
    var rows = table.scan(s -> s.tableName("customers"));
    exports.putObject(p -> p.bucket("exports").key(rows.toString()), null);
    queue.sendMessage("https://sqs.test/q", "done");
    return "";
  }
}
